"""The state as it was at a time, worked out from the facts as they stood then, in the plainest way; nothing that is
derived or kept as history is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from party_hub.actions.rebuild_golden import rule_book
from party_hub.domain.candidates import Testimony
from party_hub.domain.clusters import cluster
from party_hub.domain.survivorship import Golden, build_golden
from party_hub.models import (
    Decision,
    Link,
    Membership,
    Pin,
    Retirement,
    SourceRecord,
    SourceRecordVersion,
    SourceSystem,
)

Version = SourceRecord | SourceRecordVersion


@dataclass(frozen=True)
class Facts:
    """What stood at the time: each record's version, which of them spoke, and into which sets they fall."""

    moment: datetime
    versions: dict[UUID, Version]
    clusters: list[list[UUID]]

    def golden(self, party: UUID, records: list[UUID]) -> Golden:
        """The golden record that these records made, with the pins that held for the party."""
        return build_golden([self._testimony(record) for record in records], rule_book(), self._pins(party))

    def _testimony(self, record: UUID) -> Testimony:
        said = self.versions[record]
        source = _source(said)
        at = said.effective_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        key = (said if isinstance(said, SourceRecord) else said.record).key
        return Testimony(record, source.code, key, source.trust, at, said.party_type, said.attributes)

    def _pins(self, party: UUID) -> list[Any]:
        standing = Pin.objects.filter(_standing(self.moment)).order_by("-created_at", "-pk")
        ours = [pin for pin in standing if party in self._bearers(pin.party_id)]
        found: dict[Any, Pin] = {}
        for pin in sorted(ours, key=lambda pin: pin.party_id != party):
            found.setdefault(pin.in_force.key, pin)
        return [pin.in_force for pin in found.values()]

    def _bearers(self, party: UUID) -> set[UUID]:
        """Who bore the pins of the party: itself, or whoever held the last of its records, or held them until they fell
        silent.
        """
        held = list(Membership.objects.filter(party=party, span__startswith__lte=self.moment))
        if any(self._open(membership) for membership in held):
            return {party}
        end = max((membership.span.upper for membership in held), default=None)
        last = [membership.record_id for membership in held if membership.span.upper == end]
        since = list(Membership.objects.filter(record__in=last, span__startswith__range=(end, self.moment)))
        if any(self._open(membership) for membership in since):
            return {membership.party_id for membership in since if self._open(membership)}
        end = max((membership.span.upper for membership in since), default=None)
        return {membership.party_id for membership in since if membership.span.upper == end}

    def _open(self, membership: Membership) -> bool:
        return membership.span.upper is None or membership.span.upper > self.moment


def facts_as_of(moment: datetime) -> Facts:
    """All facts at the time. Links are the model's, which stays the same; one is there when both its records are."""
    versions = {version.pk if isinstance(version, SourceRecord) else version.record_id: version
                for version in _versions(moment)}  # fmt: skip
    silent = set(Retirement.objects.filter(_standing(moment, expires=False)).values_list("record_id", flat=True))
    live = [record for record, said in versions.items() if said.withdrawn_at is None and record not in silent]
    decisions = Decision.objects.filter(_standing(moment)).values_list("left_id", "right_id", "judgement")
    pairs = {kind: [(a, b) for a, b, judged in decisions if judged == kind] for kind in ("match", "no_match")}
    links = Link.objects.values_list("left_id", "right_id", "score")
    once = {record: _source(versions[record]).code for record in live if _source(versions[record]).duplicate_free}
    found = cluster(live, links, pairs["match"], pairs["no_match"], once)
    return Facts(moment, versions, found.members)


def _source(said: Version) -> SourceSystem:
    return (said if isinstance(said, SourceRecord) else said.record).source


def _standing(moment: datetime, *, expires: bool = True) -> Q:
    stood = Q(created_at__lte=moment) & (Q(retracted_at=None) | Q(retracted_at__gt=moment))
    return stood & (Q(expires_at=None) | Q(expires_at__gt=moment)) if expires else stood


def _versions(moment: datetime) -> Iterator[Version]:
    yield from SourceRecord.objects.filter(received_at__lte=moment).select_related("source")
    then = SourceRecordVersion.objects.filter(received_at__lte=moment, replaced_at__gt=moment)
    yield from then.select_related("record__source")
