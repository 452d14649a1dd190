"""The acts that may need a second pair of eyes, each in the form in which it can wait for one: plain data."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from party_hub.actions.change_rule import RuleChange, change_rule
from party_hub.actions.decide import Act
from party_hub.actions.forbid_value import Statement, forbid_value, preview_forbidding
from party_hub.actions.merge_parties import merge_parties, preview_merge
from party_hub.actions.move_records import move_records, preview_move
from party_hub.actions.pin_value import pin_value, preview_pin
from party_hub.actions.preview import Preview
from party_hub.actions.resolution import Resolution
from party_hub.actions.retire_party import preview_retirement, retire_party
from party_hub.actions.split_party import preview_split, split_party
from party_hub.events.catalog import EventType
from stewardship.models import ActKind, Approval

Versions = Mapping[UUID, int] | None


@dataclass(frozen=True)
class Proposal:
    """An act that somebody wants done. `arguments` (JSON) is what its kind takes beside the parties."""

    kind: ActKind
    parties: tuple[UUID, ...]
    reason: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Equal for two proposals of the same act, whatever their reasons."""
        said = [self.kind.value, [str(party) for party in self.parties], dict(self.arguments)]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    @property
    def records(self) -> list[UUID]:
        """The records that leave, where the act moves some."""
        return [UUID(record) for record in self.arguments["records"]]

    @property
    def ends(self) -> datetime | None:
        """When what it decides ends by itself."""
        text = self.arguments.get("expires_at")
        return datetime.fromisoformat(text) if text else None


def a_merge(parties: tuple[UUID, ...], reason: str) -> Proposal:
    """Parties become one."""
    return Proposal(ActKind.MERGE, parties, reason)


def a_split(party: UUID, records: list[UUID], reason: str, expires_at: datetime | None = None) -> Proposal:
    """Records leave a party and become one of their own."""
    arguments: dict[str, Any] = {"records": sorted(str(record) for record in records)}
    if expires_at is not None:
        arguments["expires_at"] = expires_at.isoformat()
    return Proposal(ActKind.SPLIT, (party,), reason, arguments)


def a_move(party: UUID, records: list[UUID], to: UUID, reason: str) -> Proposal:
    """Records leave a party for another."""
    return Proposal(ActKind.MOVE, (party, to), reason, {"records": sorted(str(record) for record in records)})


def a_retirement(party: UUID, reason: str) -> Proposal:
    """A party goes out of the world."""
    return Proposal(ActKind.RETIRE, (party,), reason)


def a_pin(party: UUID, attribute: str, value: Any, reason: str, expires_at: datetime | None = None) -> Proposal:
    """A value becomes golden whatever the sources say."""
    return _a_pin(party, reason, expires_at, {"attribute": attribute, "value": value})


def a_silence(
    party: UUID, attribute: str, statement: Statement, reason: str, expires_at: datetime | None = None
) -> Proposal:
    """What a source or a record says of an attribute is not heard."""
    record = str(statement.record) if statement.record else None
    forbid = {"source": statement.source, "record": record, "value": statement.value}
    return _a_pin(party, reason, expires_at, {"attribute": attribute, "forbid": forbid})


def _a_pin(party: UUID, reason: str, expires_at: datetime | None, arguments: dict[str, Any]) -> Proposal:
    until = {"expires_at": expires_at.isoformat()} if expires_at else {}
    return Proposal(ActKind.PIN, (party,), reason, arguments | until)


def statement_of(proposal: Proposal) -> Statement | None:
    """Whom a pin silences; None where it sets a value."""
    said = proposal.arguments.get("forbid")
    if said is None:
        return None
    return Statement(said["source"], UUID(said["record"]) if said["record"] else None, said["value"])


def a_rule(change: RuleChange, reason: str, former: Mapping[str, Any] | None) -> Proposal:
    """A survivorship rule changes from `former` to another; None is the built-in one."""
    arguments = {"attribute": change.attribute, "party_type": change.party_type, "rule": change.rule, "former": former}
    return Proposal(ActKind.RULES, (), reason, arguments)


def rule_change(proposal: Proposal) -> RuleChange:
    """The change that a proposal of a rule is about."""
    said = proposal.arguments
    return RuleChange(said["attribute"], said["party_type"], said["rule"])


def proposal_of(approval: Approval) -> Proposal:
    """What the approval is about."""
    return Proposal(ActKind(approval.kind), tuple(approval.parties), approval.reason, approval.arguments)


@dataclass(frozen=True)
class _Kind:
    perform: Callable[[Proposal, str, Versions], Act]
    preview: Callable[[Proposal], Preview]


def _split(proposal: Proposal, actor: str, versions: Versions) -> Act:
    (party,) = proposal.parties
    version = (versions or {}).get(party)
    return split_party(
        party=party,
        records=proposal.records,
        actor=actor,
        reason=proposal.reason,
        version=version,
        expires_at=proposal.ends,
    )


def _move(proposal: Proposal, actor: str, versions: Versions) -> Act:
    party, to = proposal.parties
    return move_records(
        party=party, records=proposal.records, to=to, actor=actor, reason=proposal.reason, versions=versions
    )


def _retire(proposal: Proposal, actor: str, versions: Versions) -> Act:
    (party,) = proposal.parties
    return retire_party(party=party, actor=actor, reason=proposal.reason, version=(versions or {}).get(party))


def _pin(proposal: Proposal, actor: str, versions: Versions) -> Act:
    (party,) = proposal.parties
    who: dict[str, Any] = {"party": party, "actor": actor, "reason": proposal.reason, "expires_at": proposal.ends}
    who |= {"attribute": proposal.arguments["attribute"], "version": (versions or {}).get(party)}
    if statement := statement_of(proposal):
        pin = forbid_value(**who, statement=statement)
    else:
        pin = pin_value(**who, value=proposal.arguments["value"])
    return Act(pin.act, Resolution(updated={party}))


def _preview_pin(proposal: Proposal) -> Preview:
    (party,), attribute = proposal.parties, proposal.arguments["attribute"]
    if statement := statement_of(proposal):
        return preview_forbidding(
            party=party, attribute=attribute, statement=statement, actor="", reason=proposal.reason
        )
    return preview_pin(party=party, attribute=attribute, value=proposal.arguments["value"], reason=proposal.reason)


def _rule(proposal: Proposal, actor: str, versions: Versions) -> Act:
    former = proposal.arguments["former"]
    return change_rule(change=rule_change(proposal), former=former, actor=actor, reason=proposal.reason)


_KINDS = {
    ActKind.RULES: _Kind(_rule, lambda proposal: Preview([], [], [str(EventType.UPDATED)], 0)),
    ActKind.PIN: _Kind(_pin, _preview_pin),
    ActKind.RETIRE: _Kind(_retire, lambda proposal: preview_retirement(party=proposal.parties[0])),
    ActKind.MERGE: _Kind(
        lambda proposal, actor, versions: merge_parties(
            parties=proposal.parties, actor=actor, reason=proposal.reason, versions=versions
        ),
        lambda proposal: preview_merge(parties=proposal.parties),
    ),
    ActKind.SPLIT: _Kind(_split, lambda proposal: preview_split(party=proposal.parties[0], records=proposal.records)),
    ActKind.MOVE: _Kind(
        _move,
        lambda proposal: preview_move(party=proposal.parties[0], records=proposal.records, to=proposal.parties[1]),
    ),
}


def perform(proposal: Proposal, *, actor: str, versions: Versions = None) -> Act:
    """Does it. `versions` are those that the caller saw. Raises NotFound, Conflict and Stale, then nothing is done."""
    return _KINDS[proposal.kind].perform(proposal, actor, versions)


def preview(proposal: Proposal) -> Preview:
    """What doing it now would give. Raises NotFound and Conflict."""
    return _KINDS[proposal.kind].preview(proposal)


def digest(outcome: Preview) -> str:
    """Equal for two outcomes that leave the same golden records under the same ids."""
    said = [[str(part.party), sorted(str(record) for record in part.records), part.values] for part in outcome.golden]
    return hashlib.sha256(json.dumps([said, sorted(map(str, outcome.retired))], sort_keys=True).encode()).hexdigest()
