"""What templates of the hub can say: icons, source chips, times, numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django import template
from django.contrib.auth.models import User
from django.templatetags.static import static
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext

from party_hub.models import Party, SourceRecord, SourceSystem
from party_hub.queries import Member
from stewardship.actions.comment_task import NAMED
from stewardship.permissions import Act, can
from stewardship.preferences import preference_of
from stewardship.presentation import moments
from stewardship.presentation.feed_sentences import feed_sentence
from stewardship.presentation.grounds import ground
from stewardship.presentation.impact import in_sentence
from stewardship.presentation.markup import markup
from stewardship.presentation.shares import percent
from stewardship.presentation.survivorship import in_words
from stewardship.presentation.values import attribute_label, lei_news, show
from stewardship.presentation.wording import gettext

register = template.Library()

HUES = {"crm": 0, "markit": 1, "dnb": 2, "gleif": 3, "events": 4, "api": 5}
ANSWERS = {"match": "good", "keep": "good", "renew": "good", "noted": "good", "no_match": "bad", "drop": "bad"}

register.filter("preference", preference_of)
register.filter("attribute_label", attribute_label)
register.filter("ground", ground)
register.filter("feed_sentence", feed_sentence)
for moment in (moments.ago, moments.age, moments.due, moments.future):
    register.filter(moment.__name__, moment)
register.filter("in_sentence", in_sentence)
register.filter("in_words", in_words)
register.filter("lei_news", lei_news)
register.filter("percent", percent)


@register.filter
def said(value: Any, attribute: str) -> str:
    """A value of the attribute as text."""
    return show(attribute, value).text


@register.simple_tag
@lru_cache(maxsize=512)
def icon(name: str, size: int = 16) -> SafeString:
    """A symbol of the sprite; silent for screen readers, since a word always stands beside it."""
    return markup(
        '<svg width="{0}" height="{0}" aria-hidden="true" focusable="false"><use href="{1}#{2}"></use></svg>',
        size,
        static("stewardship/icons.svg"),
        name,
    )


@lru_cache(maxsize=256)
def hue(source: str) -> int:
    """The source's colour: fixed for the well-known, by its letters for others."""
    return HUES.get(source, sum(map(ord, source)) % 8)


@register.simple_tag
def source_chip(source: str, count: int | None = None) -> SafeString:
    """A source by its code, in its colour."""
    return _chip(source, source_names().get(source, source), count or 0)


@lru_cache(maxsize=1024)
def _chip(source: str, name: str, count: int) -> SafeString:
    number = markup(" <b>×{}</b>", count) if count > 1 else ""
    return markup('<span class="chip chip--source hue-{}">{}{}</span>', hue(source), name, number)


@register.simple_tag
def source_hue(source: str) -> str:
    """The class that colours a source."""
    return f"hue-{hue(source)}"


def source_names() -> dict[str, str]:
    """Names of the source systems by code; read again every minute, since administrators may change them."""
    return _source_names(int(monotonic() // 60))


@lru_cache(maxsize=1)
def _source_names(minute: int) -> dict[str, str]:
    return dict(SourceSystem.objects.values_list("code", "name"))


@register.filter
def address(filters: Mapping[str, object]) -> str:
    """Filters as part of an address."""
    return urlencode(filters)


@register.filter
def record_name(record: SourceRecord) -> str:
    """How a source record names its party; its key where it does not."""
    names = record.attributes.get("names") or [{}]
    return str(names[0].get("full") or record.key)


@register.filter
def share(number: float) -> str:
    """0.999 → 99.9 %: as exact as it is."""
    return f"{100 * number:.10g} %"


@register.filter
def per_cent(number: Decimal) -> str:
    """What is in per cent already: 75 %, 33.3 %."""
    return f"{number.normalize():f} %"


@register.filter
def delimiter(sign: str) -> str:
    """What sets columns apart, as a reader sees it."""
    names = {"\t": gettext("tab"), ",": gettext("comma"), ";": gettext("semicolon"), "|": gettext("bar")}
    return names.get(sign, sign)


@register.filter
def mentions(text: str) -> SafeString:
    """Names after @ in bold; everything else as it was written."""
    return mark_safe(NAMED.sub(r'<strong class="mention">@\1</strong>', escape(text)))  # noqa: S308 (escaped first)


@register.filter
def who(actor: str) -> str:
    """user:ada → ada; system:match → the hub (match)."""
    kind, _, name = actor.partition(":")
    return name if kind == "user" else gettext("the hub (%(part)s)") % {"part": name} if kind == "system" else actor


@register.filter
def short_id(identifier: object) -> str:
    """The first block of a UUID, enough to tell two apart."""
    return str(identifier).partition("-")[0]


@register.filter
def may(user: User, act: str) -> bool:
    """Whether the user's role allows the act."""
    return can(user, Act(act))


@register.filter
def party_icon(party_type: str) -> str:
    """The symbol of a party type."""
    return "person" if party_type == "individual" else "organisation"


@register.filter
def party_facts(party: Party) -> str:
    """What it is, where, and of how many records: Individual · GB · 3 records."""
    golden, kind = party.golden, humane(party.party_type)
    records = ngettext("· %(record_count)s record", "· %(record_count)s records", golden.record_count) % {
        "record_count": golden.record_count
    }
    return f"{kind} · {golden.country} {records}" if golden.country else f"{kind} {records}"


@register.filter
def humane(code: str) -> str:
    """legal_entity → Legal entity."""
    return gettext(str(code).replace("_", " ").capitalize())


@register.filter
def answer(judgement: str) -> SafeString:
    """A task's answer in a word, in its colour."""
    return markup('<span class="chip chip--{}">{}</span>', ANSWERS.get(judgement, "warn"), humane(judgement))


@register.filter
def regroup_sources(members: Iterable[Member]) -> list[tuple[str, int]]:
    """Each source of these records with how many it gave."""
    return list(Counter(member.source for member in members).items())
