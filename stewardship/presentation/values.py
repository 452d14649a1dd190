"""Canonical attribute values as a reader sees them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from gettext import translation
from typing import Any

import pycountry
from django.utils.translation import get_language, gettext_noop, to_locale

from party_hub.domain.attributes import BY_NAME
from party_hub.domain.identifiers import SCHEMES
from party_hub.domain.masking import is_personal
from party_hub.domain.relations import exception_in_words
from party_hub.queries.reference import industry_titles, legal_form_names

from .wording import gettext

HIDDEN = "••••••"
SHORT = {"lei": "LEI", "duns": "D-U-N-S", "markit_id": "Markit id", "red_code": "RED code"}


@dataclass(frozen=True)
class Shown:
    """One value: its text, a note, a warning where something is wrong, an identifier's scheme, who says it.

    `checked` is True where an identifier passes its check digits; one that fails has a warning. `pin` is the id of the
    pin that set it, `forbidden` of the one for which it is not heard.
    """

    text: str
    note: str = ""
    warning: str = ""
    scheme: str = ""
    checked: bool = False
    sources: tuple[str, ...] = ()
    masked: bool = False
    won: bool = True
    pin: int | None = None
    forbidden: int | None = None
    records: tuple[Mapping[str, Any], ...] = field(default=())

    @property
    def noted(self) -> bool:
        """Whether there is anything to say beside the text."""
        return bool(self.note or self.warning or self.checked or self.pin)

    @property
    def newest(self) -> datetime | None:
        """Since when the source that said it last says so."""
        return max((datetime.fromisoformat(record["effective_at"]) for record in self.records), default=None)


def country_name(code: str) -> str:
    """The country's common name in the reader's language; the code itself where it is none."""
    return _country_name(code, get_language() or "en")


@lru_cache(maxsize=1024)
def _country_name(code: str, language: str) -> str:
    """As the catalogues of iso-codes have it, which pycountry brings."""
    country = pycountry.countries.get(alpha_2=code)
    if country is None:
        return code
    catalogue = translation("iso3166-1", pycountry.LOCALES_DIR, [to_locale(language)], fallback=True)
    return catalogue.gettext(getattr(country, "common_name", country.name))


def scheme_label(code: str) -> str:
    """The identifier scheme's name, as short as people say it."""
    if code in SHORT:
        return SHORT[code]
    return gettext(SCHEMES[code].name) if code in SCHEMES else code.replace("_", " ").capitalize()


def attribute_label(name: str) -> str:
    """The attribute's label; `identifiers.lei` gives the scheme's."""
    base, _, scheme = name.partition(".")
    if scheme:
        return scheme_label(scheme)
    return gettext(BY_NAME[base].label) if base in BY_NAME else base.replace("_", " ").capitalize()


def _text(attribute: str, value: Any) -> tuple[str, str, str]:
    """Text, note, warning."""
    if attribute == "identifiers":
        country = value.get("country") or ""
        return (
            str(value["value"]),
            country,
            _doubt(value),
        )
    if attribute == "addresses":
        parts = [value.get(part) for part in ("street", "city", "region", "postcode", "country")]
        text = ", ".join(str(part) for part in parts if part) or str(value.get("full", ""))
        return text, _word(value.get("type", "")), ""
    if attribute == "names":
        kind = str(value.get("type", ""))
        return str(value.get("full", "")), "" if kind == "legal" else _word(kind), ""
    if attribute == "relations":
        return _relation(value)
    if attribute in ("country", "nationality"):
        return country_name(str(value)), str(value), ""
    if attribute in ("legal_form", "industry_code"):
        return _decoded(attribute, str(value))
    if isinstance(value, Mapping):
        return str(value.get("full") or ", ".join(str(part) for part in value.values() if part)), "", ""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}", "", ""
    return _word(value) if attribute in ("status", "gender") else str(value), "", ""


def _word(code: object) -> str:
    """What a canonical code is called: out_of_business → out of business."""
    word = str(code).replace("_", " ")
    return gettext(word) if word else ""


# What an issuer says of an LEI that is no longer to be relied on, in words.
LEI_NEWS = {
    "lapsed": gettext_noop("its registration has lapsed"),
    "merged": gettext_noop("its entity was merged into another"),
    "retired": gettext_noop("its entity has ceased to be"),
    "annulled": gettext_noop("was annulled"),
    "duplicate": gettext_noop("was given twice, another one counts"),
    "cancelled": gettext_noop("was cancelled"),
}
GONE = gettext_noop("is in the register no more")


def lei_news(news: str) -> list[tuple[str, str]]:
    """Each LEI of a task's news ("<LEI> <status>, …"), and what its register says of it in words."""
    told = (one.partition(" ") for one in news.split(", ") if one)
    return [(lei, gettext(LEI_NEWS.get(status, GONE))) for lei, _, status in told]


def _doubt(identifier: Mapping[str, Any]) -> str:
    """Why an identifier is not to be relied on; "" where nothing is known against it."""
    if identifier.get("valid") is False:
        return gettext("fails its check digits")
    news = LEI_NEWS.get(identifier.get("status", ""), "")
    return gettext(news) if news else ""


def _decoded(attribute: str, code: str) -> tuple[str, str, str]:
    """What a code of a public list stands for, with the code as a note; other text as it is."""
    names = legal_form_names() if attribute == "legal_form" else industry_titles()
    name = names.get(code.replace(".", ""))
    return (name, code.replace(":", " ").upper() if ":" in code else code, "") if name else (code, "", "")


def _relation(value: Mapping[str, Any]) -> tuple[str, str, str]:
    """How the party stands to whom, by identifier, or why there is nobody; since when and how large as a note."""
    type = gettext(value["type"].replace("_", " ").capitalize())
    if value.get("exception"):
        return f"{type}: {gettext(exception_in_words(value['exception']))}", value.get("reference", ""), ""
    since, until = value.get("since", ""), value.get("until", "")
    period = gettext("since %(day)s") % {"day": since} if since and not until else f"{since} – {until}" if until else ""
    parts = (
        f"{value['share']} %" if value.get("share") else "",
        period,
        gettext("ended") if value.get("status") else "",
    )
    return f"{type}: {scheme_label(value['scheme'])} {value['value']}", ", ".join(filter(None, parts)), ""


def show(attribute: str, value: Any, *, personal: bool = True, **more: Any) -> Shown:
    """One value of `attribute`. With `personal` false, values about a person that are marked so are hidden."""
    scheme = scheme_label(str(value.get("scheme"))) if attribute == "identifiers" else ""
    checked = attribute == "identifiers" and value.get("valid") is True
    if not personal and is_personal(attribute, value):
        return Shown(HIDDEN, note=gettext("hidden"), scheme=scheme, masked=True, **more)
    text, note, warning = _text(attribute, value)
    return Shown(text, note, warning, scheme, checked, **more)


def shown_lineage(attribute: str, lineage: Mapping[str, Any], *, personal: bool = True) -> list[Shown]:
    """Every value that the lineage of one attribute tells of, winners first, with the sources that say it."""
    shown = []
    for entry in lineage.get("values", ()):
        records = tuple(entry.get("records", ()))
        shown.append(
            show(
                attribute,
                entry["value"],
                personal=personal,
                sources=distinct(record["source"] for record in records),
                won=bool(entry.get("won")),
                pin=entry.get("pin"),
                forbidden=entry.get("forbidden"),
                records=records,
            )
        )
    return shown


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Each once, in order of first appearance."""
    return tuple(dict.fromkeys(names))
