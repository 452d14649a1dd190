"""What an act will do, in one sentence a steward can check."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from party_hub.actions.preview import Preview
from party_hub.models import GoldenRecord

from .values import attribute_label


@dataclass(frozen=True)
class Impact:
    """The consequences of an act before it is done."""

    survivor: UUID | None
    retired: list[UUID]
    changed: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    sentence: str = ""


def changed_attributes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Labels of the attributes whose golden value changes."""
    return [attribute_label(name) for name in sorted({*before, *after}) if before.get(name) != after.get(name)]


def listed(words: list[str], limit: int = 4) -> str:
    """ "a, b and c"; what is beyond the limit is counted."""
    if len(words) > limit:
        words = [*words[: limit - 1], f"{len(words) - limit + 1} more"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""


def impact_of_merge(outcome: Preview, a: GoldenRecord, b: GoldenRecord) -> Impact:
    """What merging A and B will do."""
    part = outcome.golden[0]
    survivor = b if part.party == b.party_id else a
    gone = "A" if survivor is b else "B"
    kept = "B" if survivor is b else "A"
    changed = changed_attributes(survivor.values, part.values)
    named = listed([label.lower() for label in changed])
    told = len(outcome.events)
    sentence = (
        f"{kept} keeps its id; {gone}'s id is retired and leads there for ever. "
        + (f"Of {kept}'s golden values, {named} change. " if changed else f"No golden value of {kept} changes. ")
        + f"{told} event{'s tell' if told != 1 else ' tells'} the consumers. You can undo it."
    )
    return Impact(part.party, list(outcome.retired), changed, list(outcome.events), sentence)
