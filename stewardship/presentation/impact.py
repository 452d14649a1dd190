"""What an act will do, in one sentence a steward can check, and in facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

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
        words = [*words[: limit - 1], f"{len(words) - limit + 1} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def counted(number: int, noun: str) -> str:
    """ "1 task", "3 tasks"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def impact_of_merge(
    outcome: Preview, a: GoldenRecord, b: GoldenRecord, *, leaving: int = 0, vanishing: int | None = None
) -> Impact:
    """What merging A and B will do, when `leaving` of their records are left out and as many open tasks vanish."""
    part = outcome.golden[0]
    survivor = b if part.party == b.party_id else a
    kept, gone = ("B", a) if survivor is b else ("A", b)
    letter = "A" if kept == "B" else "B"
    changed = changed_attributes(survivor.values, part.values)
    named = listed([label.lower() for label in changed])
    retires = gone.party_id in outcome.retired
    sentence = [
        f"{kept} keeps its id; {letter}'s id is retired and leads there for ever."
        if retires
        else f"{kept} keeps its id; {letter}'s id stays with what is left out.",
        f"{counted(leaving, 'record')} {'is' if leaving == 1 else 'are'} left out and kept apart from now on."
        if leaving
        else "",
        f"Of {kept}'s golden values, {named} change." if changed else f"No golden value of {kept} changes.",
        f"{counted(vanishing, 'open task')} {'vanishes' if vanishing == 1 else 'vanish'}." if vanishing else "",
        f"{counted(len(outcome.events), 'event')} {'tells' if len(outcome.events) == 1 else 'tell'} the consumers.",
        "You can undo it.",
    ]
    facts = [
        ("Id retired", f"{letter}, {str(gone.party_id)[:8]}" if retires else "none"),
        ("Values that change", listed(changed, limit=20) or "none"),
        ("Older ids led on", f"{outcome.redirects:,}" if outcome.redirects else ""),
        ("Tasks that vanish", "" if vanishing is None else f"{vanishing:,}"),
        ("Consumers are told", listed([event.removeprefix("party.") for event in outcome.events], limit=8)),
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
    gone = f" {counted(others, 'other task')} about the same two go with it." if others else ""
    return (
        f"Both keep their ids and values. {counted(pairs, 'pair')} of records {'is' if pairs == 1 else 'are'} kept "
        f"apart for good, whatever the model says later.{gone} No consumer hears of it. You can undo it."
    )


def impact_of_unsure(second_reading: bool) -> str:
    """What saying unsure will do."""
    if second_reading:
        return "Noted. Two readers could not tell, so it is asked again only when new evidence comes."
    return "Nothing changes. Another steward gets it for a second reading; you will not see it again."
