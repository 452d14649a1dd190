"""What an act will do, in one sentence a steward can check, and in facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from party_hub.actions.preview import Preview
from party_hub.models import GoldenRecord

from .values import attribute_label


@dataclass(frozen=True)
class Impact:
    """The consequences of an act before it is done. `facts` are (what, which) for who wants them one by one."""

    survivor: UUID | None
    retired: list[UUID]
    changed: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    sentence: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def changed_attributes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Labels of the attributes whose golden value changes."""
    return [attribute_label(name) for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def listed(words: list[str], limit: int = 4) -> str:
    """ "a, b and c"; what is beyond the limit is counted."""
    if len(words) > limit:
        words = [*words[: limit - 1], _("%(number)d more") % {"number": len(words) - limit + 1}]
    if len(words) < 2:
        return words[0] if words else ""
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def in_sentence(label: str) -> str:
    """A label within a sentence: small in English; elsewhere nouns may keep their capitals."""
    return label.lower() if (get_language() or "en").startswith("en") else label


def impact_of_merge(
    outcome: Preview, a: GoldenRecord, b: GoldenRecord, *, leaving: int = 0, vanishing: int | None = None
) -> Impact:
    """What merging A and B will do, when `leaving` of their records are left out and as many open tasks vanish."""
    part = outcome.golden[0]
    survivor = b if part.party == b.party_id else a
    kept, gone = ("B", a) if survivor is b else ("A", b)
    letter = "A" if kept == "B" else "B"
    changed = changed_attributes(survivor.values, part.values)
    named = listed([in_sentence(label) for label in changed])
    retires = gone.party_id in outcome.retired
    told = len(outcome.events)
    sentence = [
        _("%(kept)s keeps its id; %(gone)s's id is retired and leads there for ever.") % {"kept": kept, "gone": letter}
        if retires
        else _("%(kept)s keeps its id; %(gone)s's id stays with what is left out.") % {"kept": kept, "gone": letter},
        ngettext(
            "%(number)d record is left out and kept apart from now on.",
            "%(number)d records are left out and kept apart from now on.",
            leaving,
        )
        % {"number": leaving}
        if leaving
        else "",
        _("Of %(kept)s's golden values, %(named)s change.") % {"kept": kept, "named": named}
        if changed
        else _("No golden value of %(kept)s changes.") % {"kept": kept},
        ngettext("%(number)d open task vanishes.", "%(number)d open tasks vanish.", vanishing) % {"number": vanishing}
        if vanishing
        else "",
        ngettext("%(number)d event tells the consumers.", "%(number)d events tell the consumers.", told)
        % {"number": told},
        _("You can undo it."),
    ]
    facts = [
        (_("Id retired"), f"{letter}, {str(gone.party_id)[:8]}" if retires else _("none")),
        (_("Values that change"), listed(changed, limit=20) or _("none")),
        (_("Older ids led on"), f"{outcome.redirects:,}" if outcome.redirects else ""),
        (_("Tasks that vanish"), "" if vanishing is None else f"{vanishing:,}"),
        (_("Consumers are told"), listed([event.removeprefix("party.") for event in outcome.events], limit=8)),
    ]
    return Impact(
        part.party,
        list(outcome.retired),
        changed,
        list(outcome.events),
        " ".join(filter(None, sentence)),
        [(what, which) for what, which in facts if which],
    )


def impact_of_no_match(pairs: int, others: int) -> str:
    """What keeping two parties apart will do: decisions on so many pairs of records, tasks about the same two."""
    said = [
        _("Both keep their ids and values."),
        ngettext(
            "%(number)d pair of records is kept apart for good, whatever the model says later.",
            "%(number)d pairs of records are kept apart for good, whatever the model says later.",
            pairs,
        )
        % {"number": pairs},
        ngettext(
            "%(number)d other task about the same two goes with it.",
            "%(number)d other tasks about the same two go with it.",
            others,
        )
        % {"number": others}
        if others
        else "",
        _("No consumer hears of it. You can undo it."),
    ]
    return " ".join(filter(None, said))


def impact_of_unsure(second_reading: bool) -> str:
    """What saying unsure will do."""
    if second_reading:
        return _("Noted. Two readers could not tell, so it is asked again only when new evidence comes.")
    return _("Nothing changes. Another steward gets it for a second reading; you will not see it again.")
