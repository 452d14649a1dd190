"""Stewards' and rules' decisions: appended, superseded, retracted, never edited. What follows from them is resolved
at once.
"""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from party_hub.domain.attributes import kind_of
from party_hub.domain.judgement import Judgement
from party_hub.events.catalog import Cause
from party_hub.models import Decision, Membership, Party, SourceRecord
from party_hub.models.decision import Origin

from .audit import audit
from .errors import Conflict, NotFound, Stale
from .resolution import Resolution
from .resolve_parties import lock_and_look_at_the_clock, resolve_parties

# Two parties of more pairs than this are kept apart by fewer decisions that do the same.
MANY_PAIRS = 400

Pair = tuple[UUID, UUID]


@dataclass(frozen=True)
class Act:
    """What somebody did, under the id by which it can be undone, what followed, and the records that it was about."""

    id: UUID
    resolution: Resolution
    records: Collection[UUID] = ()


@dataclass(frozen=True)
class Verdict:
    """What an act decides: each pair (lower id first) with its judgement, and the words that go with it."""

    judged: Mapping[Pair, Judgement]
    actor: str
    verb: str
    reason: str = ""
    score: float | None = None
    expires_at: datetime | None = None
    origin: Origin = Origin.STEWARD
    id: UUID = field(default_factory=uuid.uuid4)


def ordered(left: UUID, right: UUID) -> Pair:
    """The pair, lower id first, as the database keeps it."""
    return (left, right) if left < right else (right, left)


def decide(
    *,
    left: UUID,
    right: UUID,
    judgement: Judgement,
    actor: str,
    reason: str = "",
    score: float | None = None,
    expires_at: datetime | None = None,
    origin: Origin = Origin.STEWARD,
) -> Act:
    """Decides on two source records. Raises NotFound, or Conflict where an earlier decision stands against it."""
    judged = {ordered(left, right): judgement}
    return carry_out(Verdict(judged, actor, f"decide_{judgement}", reason, score, expires_at, origin))


@transaction.atomic
def decide_parties(
    *,
    a: UUID,
    b: UUID,
    judgement: Judgement,
    actor: str,
    reason: str = "",
    evidence: Pair | None = None,
    score: float | None = None,
) -> Act:
    """Decides whether two parties are one: match merges them, no match keeps them apart for good, unsure is noted.

    `evidence` is the pair of records that raised the question. Raises NotFound and Conflict.
    """
    lock_and_look_at_the_clock()
    ours, theirs = records_of_each([a, b])
    if evidence is None or not _lies_between(evidence, ours, theirs):
        evidence = (ours[0], theirs[0])
    if judgement is Judgement.MATCH:
        forbid_contradiction(ours, theirs)
    pairs = pairs_between(ours, theirs, evidence) if judgement is Judgement.NO_MATCH else [evidence]
    judged = {ordered(*pair): judgement for pair in pairs}
    return carry_out(Verdict(judged, actor, f"decide_{judgement}", reason, score), subject=(a, b))


@transaction.atomic
def carry_out(verdict: Verdict, subject: Iterable[UUID] = ()) -> Act:
    """Appends the verdict's decisions, resolves what they reach and makes sure that it came out as decided.

    Raises NotFound for an unknown record, Conflict where kinds differ or where other decisions make the outcome
    impossible; then nothing has changed.
    """
    moment = lock_and_look_at_the_clock()
    judged = verdict.judged
    records = {record for pair in judged for record in pair}
    _check_kinds(records, verdict)
    live = {
        (decision.left_id, decision.right_id): decision
        for decision in Decision.objects.filter(retracted_at__isnull=True, left__in=records, right__in=records)
        if (decision.left_id, decision.right_id) in judged
    }
    superseded = [
        decision
        for pair, decision in live.items()
        if decision.judgement != judged[pair] or _has_ended(decision, moment)
    ]
    close(superseded, verdict.actor, moment, verdict.id)
    standing = live.keys() - {(decision.left_id, decision.right_id) for decision in superseded}
    new = [
        _decision(pair, judgement, verdict, live.get(pair))
        for pair, judgement in sorted(judged.items())
        if pair not in standing
    ]
    append(new, verdict.actor)
    cause = Cause(verdict.actor, verdict.verb, verdict.id, verdict.score, verdict.reason)
    resolution = resolve_parties(records=records, actor=verdict.actor, cause=cause)
    _check_outcome(judged)
    parties = [str(party) for party in subject]
    audit(
        act=verdict.id, actor=verdict.actor, verb=verdict.verb, subject_type="party" if parties else "record",
        subject_id=parties[0] if parties else min(map(str, records)), reason=verdict.reason,
        decisions=len(new), parties=parties, merged=len(resolution.merged), split=len(resolution.split),
    )  # fmt: skip
    return Act(verdict.id, resolution, records)


def live_records(party: UUID) -> list[UUID]:
    """The records of a live party, earliest first. Raises NotFound where it has none."""
    return records_of_each([party])[0]


def records_of_each(parties: Collection[UUID]) -> list[list[UUID]]:
    """The records of each of these live parties, earliest first. Raises NotFound where one has none."""
    found = Membership.objects.filter(party__in=parties, span__upper_inf=True)
    records: dict[UUID, list[UUID]] = {party: [] for party in parties}
    for party, record in found.order_by("record__received_at", "record_id").values_list("party_id", "record_id"):
        records[party].append(record)
    for party, held in records.items():
        if not held:
            raise NotFound(
                gettext("Party %(party)s has no records: it was merged into another, withdrawn, or never existed.")
                % {"party": party}
            )
    return [records[party] for party in parties]


def pairs_between(ours: Sequence[UUID], theirs: Sequence[UUID], evidence: Pair) -> list[Pair]:
    """Pairs that keep two sets of records apart, whichever of them is withdrawn later: all, or where that is many,
    enough.
    """
    if len(ours) * len(theirs) <= MANY_PAIRS:
        return [(left, right) for left in ours for right in theirs]
    across = [(left, theirs[0]) for left in ours] + [(ours[0], right) for right in theirs]
    return list(dict.fromkeys([evidence, *across]))


def forbid_contradiction(ours: Collection[UUID], theirs: Collection[UUID]) -> None:
    """Raises Conflict where a live decision says that the two sets are different parties."""
    across = Q(left__in=ours, right__in=theirs) | Q(left__in=theirs, right__in=ours)
    standing = Q(expires_at__isnull=True) | Q(expires_at__gt=timezone.now())
    against = (
        Decision.objects.filter(across, standing, retracted_at__isnull=True, judgement=Judgement.NO_MATCH)
        .order_by("created_at")
        .first()
    )
    if against:
        name = against.author.removeprefix("user:")
        raise Conflict(
            gettext("%(who)s decided on %(day)s that these are different parties. Undo that decision first.")
            % {"who": name, "day": f"{against.created_at:%Y-%m-%d}"},
            [f"decision {against.pk}: {against.reason or 'no reason given'}"],
        )


def check_versions(versions: Mapping[UUID, int] | None) -> None:
    """Raises Stale where a party is no longer at the version that the caller saw."""
    seen = versions or {}
    for party, version in Party.objects.filter(pk__in=seen).values_list("pk", "version"):
        if version != seen[party]:
            raise Stale(
                gettext("Party %(party)s has changed since you looked (version %(now)s, you saw %(seen)s). Look again.")
                % {"party": party, "now": version, "seen": seen[party]}
            )


def _lies_between(pair: Pair, ours: Collection[UUID], theirs: Collection[UUID]) -> bool:
    return (pair[0] in ours and pair[1] in theirs) or (pair[0] in theirs and pair[1] in ours)


def _check_kinds(records: Collection[UUID], verdict: Verdict) -> None:
    types = dict(SourceRecord.objects.filter(pk__in=records).values_list("pk", "party_type"))
    if missing := records - types.keys():
        raise NotFound(gettext("There is no source record %(record)s.") % {"record": min(missing)})
    for (left, right), judgement in verdict.judged.items():
        if judgement is Judgement.MATCH and kind_of(types[left]) != kind_of(types[right]):
            raise Conflict(gettext("An individual and an organisation cannot be the same party."))


def _check_outcome(judged: Mapping[Pair, Judgement]) -> None:
    """A decision that the constraints overrule must not look as if it had worked."""
    records = {record for pair in judged for record in pair}
    party = dict(
        Membership.objects.filter(record__in=records, span__upper_inf=True).values_list("record_id", "party_id")
    )
    for (left, right), judgement in judged.items():
        if left not in party or right not in party or not judgement.binds:
            continue
        if (party[left] == party[right]) != (judgement is Judgement.MATCH):
            raise Conflict(
                gettext("Other decisions stand against this one. Look at the decisions in the parties' history first.")
            )


def _decision(pair: Pair, judgement: Judgement, verdict: Verdict, supersedes: Decision | None) -> Decision:
    return Decision(
        left_id=pair[0], right_id=pair[1], judgement=judgement, origin=verdict.origin, score=verdict.score,
        reason=verdict.reason, author=verdict.actor, act=verdict.id, supersedes=supersedes,
        expires_at=verdict.expires_at,
    )  # fmt: skip


def _has_ended(decision: Decision, moment: datetime) -> bool:
    return decision.expires_at is not None and decision.expires_at <= moment


def append(decisions: list[Decision], actor: str) -> None:
    """Stores new decisions with their history."""
    if decisions:
        bulk_create_with_history(decisions, Decision, default_change_reason=actor[:100])


def close(decisions: list[Decision], actor: str, moment: datetime, act: UUID) -> None:
    """Retracts decisions, as part of `act`, with their history."""
    for decision in decisions:
        decision.retracted_at, decision.retracted_by, decision.retracted_in = moment, actor, act
    if decisions:
        fields = ["retracted_at", "retracted_by", "retracted_in"]
        bulk_update_with_history(decisions, Decision, fields, default_change_reason=actor[:100])
