"""What stands around every page: the navigation with what waits, who is signed in, the help with the keys."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from stewardship.permissions import roles_of
from stewardship.preferences import THEMES, preference_of
from stewardship.presentation.markup import joined, markup
from stewardship.presentation.wording import gettext
from stewardship.queries.sidebar import MOST, waiting_for

from .hub import icon

register = template.Library()
Context = Mapping[str, Any]

SHEETS = (
    "tokens", "base", "sidebar", "layout", "controls", "tables", "components", "messages", "compare", "relations",
    "charts", "pages",
)  # fmt: skip
SHORTCUTS = [
    ("x", _("It is a match")),
    ("n", _("No match")),
    ("u", _("Unsure")),
    ("r", _("Choose a reason")),
    ("e", _("Renew a pin")),
    ("z", _("Undo the last decision")),
    ("s", _("Split the party")),
    ("c", _("Write a comment")),
    ("h", _("History")),
    ("j", _("Next task or row")),
    ("k", _("Previous task or row")),
    ("/", _("Search")),
    ("?", _("This help")),
]
# (label, url name, icon, title of the group that starts here)
PAGES = [
    (_("Dashboard"), "dashboard", "home", ""),
    (_("Review queue"), "tasks", "tasks", ""),
    (_("Parties"), "parties", "party", ""),
    (_("Approvals"), "approvals", "lock", ""),
    (_("Feeds"), "feeds", "feeds", _("Data")),
    (_("Quality"), "quality", "quality", ""),
    (_("Matching"), "matching", "matching", _("How it works")),
    (_("Survivorship"), "rules", "rules", ""),
    (_("Activity"), "activity", "activity", ""),
]


@register.simple_tag
@lru_cache(maxsize=1)
def linked_files() -> SafeString:
    """The links to the icon, the font, the style sheets in their order, and the scripts."""
    return markup(
        '<link rel="icon" href="{}" type="image/svg+xml">'
        '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>{}'
        '<script src="{}" defer></script><script src="{}" defer></script>',
        static("stewardship/favicon.svg"),
        static("stewardship/vendor/inter-5.3.0/inter-latin-wght-normal.woff2"),
        joined(markup('<link rel="stylesheet" href="{}">', static(f"stewardship/css/{sheet}.css")) for sheet in SHEETS),
        static("stewardship/vendor/htmx-2.0.11/htmx.min.js"),
        static("stewardship/js/hub.js"),
    )


@register.inclusion_tag("components/sidebar.html", takes_context=True)
def sidebar(context: Context) -> dict[str, Any]:
    """The navigation with the size of the queue, and who is signed in."""
    request: HttpRequest = context["request"]
    groups = roles_of(request.user)
    return {
        "request": request,
        "user": request.user,
        "pages": joined(_pages(request)),
        "role": ", ".join(gettext(group) for group in groups).capitalize()
        or (_("Superuser") if getattr(request.user, "is_superuser", False) else _("No role")),
        "themes": THEMES,
        "theme": preference_of(request, "theme"),
        "csrf_token": context.get("csrf_token"),
    }


def _pages(request: HttpRequest) -> Iterator[SafeString]:
    waiting = waiting_for(request.user)
    counts = {
        "tasks": (waiting.tasks, gettext("Open tasks")),
        "approvals": (waiting.approvals, gettext("Waiting for you")),
    }
    for label, name, symbol, title in PAGES:
        if title:
            yield markup('<li class="nav-title">{}</li>', title)
        url = reverse(name)
        current = request.path == url or (url != "/" and request.path.startswith(url))
        yield _page(url, symbol, str(label), current, *counts.get(name, (0, "")))
    if getattr(request.user, "is_staff", False):
        yield _page(reverse("admin:index"), "admin", gettext("Administration"), False, 0, "")


def _page(url: str, symbol: str, label: str, current: bool, number: int, of: str) -> SafeString:
    """A link to a page, with how much waits there."""
    counted = markup('<span class="count" title="{}">{}</span>', of, _at_most(number)) if number else ""
    here = SafeString(' aria-current="page"') if current else ""
    return markup('<li><a href="{}"{}>{} {} {}</a></li>', url, here, icon(symbol, 18), label, counted)


def _at_most(number: int) -> str:
    """The number; "999+" where it was not counted to the end."""
    return f"{MOST}+" if number > MOST else str(number)


@register.inclusion_tag("components/help.html", takes_context=True)
def shortcuts_help(context: Context) -> dict[str, Any]:
    """The dialog with the keys."""
    keys = _keys(get_language() or "en")
    return {"request": context["request"], "csrf_token": context.get("csrf_token"), "keys": keys}


@lru_cache(maxsize=8)
def _keys(_language: str) -> SafeString:
    """Each key with what it does, in the reader's language."""
    return joined(markup("<dt><kbd>{}</kbd></dt><dd>{}</dd>", key, does) for key, does in SHORTCUTS)
