"""What a person likes: colours, density, time zone, language, keyboard shortcuts.

Kept in cookies, so that pages before sign-in follow them too. The language's cookie is the one that Django reads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

THEMES = [
    ("auto", _("Colours as the system"), "screen"),
    ("light", _("Light colours"), "sun"),
    ("dark", _("Dark colours"), "moon"),
]
DENSITIES = [("comfortable", _("Comfortable")), ("compact", _("Compact: more rows on a page"))]
SHORTCUTS = [("on", _("On")), ("off", _("Off"))]
A_YEAR = 365 * 24 * 3600


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """The time zones to choose from, UTC first."""
    named = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix")))
    return ("UTC", *named)


def allowed(name: str) -> tuple[str, ...]:
    """The values that a preference may have, its default first. Raises KeyError for an unknown one."""
    if name == "timezone":
        return zones()
    if name == "language":
        return tuple(code for code, _label in settings.LANGUAGES)
    return {
        "theme": tuple(theme[0] for theme in THEMES),
        "density": tuple(density[0] for density in DENSITIES),
        "shortcuts": tuple(value for value, _label in SHORTCUTS),
    }[name]


NAMES = ("theme", "density", "timezone", "language", "shortcuts")


def preference_of(request: HttpRequest, name: str) -> str:
    """The preference, the first allowed value where none is set."""
    value = request.COOKIES.get(f"hub_{name}", "") if request else ""
    values = allowed(name)
    return value if value in values else values[0]


def remember(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Sets a cookie for each allowed preference that was sent."""
    for name in NAMES:
        value = request.POST.get(name)
        if value in allowed(name):
            response.set_cookie(f"hub_{name}", value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure())
    return response


@dataclass(frozen=True)
class Choice:
    """One preference as its page shows it."""

    name: str
    label: str
    options: list[tuple[str, str]]
    value: str


def choices(request: HttpRequest) -> list[Choice]:
    """Everything that can be chosen, with what is chosen now."""
    offered: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "language": (str(_("Language")), [(code, str(label)) for code, label in settings.LANGUAGES]),
        "timezone": (str(_("Time zone")), [(zone, zone.replace("_", " ")) for zone in zones()]),
        "theme": (str(_("Colours")), [(value, str(label)) for value, label, _symbol in THEMES]),
        "density": (str(_("Density")), [(value, str(label)) for value, label in DENSITIES]),
        "shortcuts": (str(_("Keyboard shortcuts")), [(value, str(label)) for value, label in SHORTCUTS]),
    }
    return [Choice(name, label, options, preference_of(request, name)) for name, (label, options) in offered.items()]


def in_the_readers_time_zone(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: pages tell times in the zone that their reader chose."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with timezone.override(ZoneInfo(preference_of(request, "timezone"))):
            return get_response(request)

    return middleware
