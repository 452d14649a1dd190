"""What an act will do, in a sentence that a steward can check before and after."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from party_hub.actions.preview import GoldenPreview, Preview
from stewardship.models import ActKind
from stewardship.proposal import Proposal

from .impact import changed_attributes, listed
from .values import distinct

Golden = Mapping[UUID, tuple[str, Mapping[str, Any]]]  # name and values of each party as it is


def sentence_of(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    """Which ids stay and which retire, which golden values change, who is told, and whether there is a way back."""
    say = {ActKind.MERGE: _merge, ActKind.SPLIT: _split, ActKind.MOVE: _move, ActKind.RETIRE: _retire}[proposal.kind]
    events = listed([event.removeprefix("party.") for event in distinct(outcome.events)])
    return f"{say(proposal, outcome, golden)} Consumers are told: {events}. You can take it back."


def name_of(part: GoldenPreview) -> str:
    """What the party would be called."""
    names = part.values.get("names") or [{}]
    return str(names[0].get("full", "")) or "a party without a name"


def _merge(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    (part,) = outcome.golden
    assert part.party is not None  # a merge keeps one of the ids
    kept, values = golden[part.party]
    gone = len(outcome.retired)
    retired = f"the other {gone} ids are retired and lead" if gone > 1 else "the other id is retired and leads"
    older = f", with {_count(outcome.redirects, 'older id')}" if outcome.redirects else ""
    changed = listed([label.lower() for label in changed_attributes(values, part.values)])
    values_change = f"Of its golden values, {changed} change." if changed else "None of its golden values changes."
    return f"{kept} ({str(part.party)[:8]}) keeps its id; {retired} there for ever{older}. {values_change}"


def _split(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    stay, leave = outcome.golden
    keeps = "What stays keeps the id" if stay.party else "What leaves keeps the id"
    until = f"until {proposal.ends:%Y-%m-%d}" if proposal.ends else "from now on"
    everything = len(leave.records) + len(stay.records)
    return (
        f"{len(leave.records)} of {everything} records leave. {keeps}; the other part gets a new one. "
        f"The two are kept apart {until}."
    )


def _move(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    leaving = _count(len(proposal.records), "record")
    (before, _), (receiver, _) = (golden[party] for party in proposal.parties)
    return f"Moves {leaving} from {before} to {receiver}; from now on they belong there and not here."


def _retire(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    ((name, _),) = golden.values()
    return (
        f"{name} is withdrawn and is found no more; its id and last golden record stay. What its sources go on saying "
        "does not bring it back, a steward does."
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' if number != 1 else ''}"
