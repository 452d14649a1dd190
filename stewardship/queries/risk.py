"""How weighty an act is, and whether that asks for a second pair of eyes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from party_hub.actions.preview import Preview
from party_hub.models import GoldenRecord, IdentifierScheme, Membership, Relationship
from stewardship.models import ActKind, ApprovalLevel, Measure
from stewardship.proposal import Proposal

SENTENCES = {
    Measure.RECORDS: _("%(value)s source records are touched (approval from %(at_least)s)"),
    Measure.PARTIES: _("%(value)s parties at once (approval from %(at_least)s)"),
    Measure.IDENTIFIERS: _("%(value)s identifiers that a party has once would contradict each other"),
    Measure.RELATIONSHIPS: _("%(value)s relationships hang on the parties (approval from %(at_least)s)"),
    Measure.PINNED_IDENTIFIER: _("an identifier is pinned or silenced"),
    Measure.ALWAYS: _("this act always needs approval"),
}


@dataclass(frozen=True)
class Risk:
    """A level that an act reaches: the measure, its value, and from where on approval is needed."""

    measure: Measure
    value: int
    at_least: int

    @property
    def sentence(self) -> str:
        """In words."""
        return str(SENTENCES[self.measure]) % {"value": self.value, "at_least": self.at_least}

    def as_json(self) -> dict[str, Any]:
        """To be kept with the proposal."""
        return {"measure": self.measure.value, "value": self.value, "at_least": self.at_least}


def risks_from(stored: Iterable[Mapping[str, Any]]) -> list[Risk]:
    """Those kept with a proposal."""
    return [Risk(Measure(risk["measure"]), risk["value"], risk["at_least"]) for risk in stored]


def risks_of(proposal: Proposal, outcome: Preview) -> list[Risk]:
    """The levels that the act reaches; none: it may be done at once. Five queries at most."""
    records = sum(len(part.records) for part in outcome.golden) or _records(proposal.parties)
    about = proposal.arguments.get("attribute") if proposal.kind is ActKind.PIN else None
    return _reached(
        proposal.kind, proposal.parties, records, [part.values for part in outcome.golden], about == "identifiers"
    )


def risks_of_match(a: UUID, b: UUID) -> list[Risk]:
    """The levels that finding two parties to be one reaches, without working the outcome out. Five queries at most."""
    golden = GoldenRecord.objects.filter(party__in=[a, b]).values_list("record_count", "values__identifiers")
    rows = list(golden)
    together = {"identifiers": [item for _, identifiers in rows for item in identifiers or ()]}
    return _reached(ActKind.MERGE, [a, b], sum(count for count, _ in rows), [together])


def _reached(
    kind: ActKind, parties: Sequence[UUID], records: int, after: Sequence[Mapping[str, Any]], pins: bool = False
) -> list[Risk]:
    levels = _levels(kind)
    values = {Measure.ALWAYS: 1, Measure.RECORDS: records, Measure.PARTIES: len(parties)}
    values[Measure.PINNED_IDENTIFIER] = int(pins)
    if Measure.RELATIONSHIPS in levels:
        about = Q(party__in=parties) | Q(other__in=parties)
        values[Measure.RELATIONSHIPS] = Relationship.objects.filter(about, span__upper_inf=True).count()
    if Measure.IDENTIFIERS in levels:
        values[Measure.IDENTIFIERS] = _new_contradictions(parties, after)
    return [
        Risk(measure, values[measure], at_least) for measure, at_least in levels.items() if values[measure] >= at_least
    ]


def _records(parties: Sequence[UUID]) -> int:
    return Membership.objects.filter(party__in=parties, span__upper_inf=True).count()


def _levels(kind: ActKind) -> dict[Measure, int]:
    """The levels in force for this kind of act: its own, else the one for all."""
    rows = ApprovalLevel.objects.filter(act__in=["", kind]).order_by("act", "measure")
    found = {Measure(level.measure): level for level in rows}  # the act's own come last
    return {measure: level.at_least for measure, level in found.items() if level.active}


def _new_contradictions(parties: Sequence[UUID], after: Sequence[Mapping[str, Any]]) -> int:
    """How many schemes of which a party has one would have several valid values, where no party has that now."""
    single = set(IdentifierScheme.objects.filter(one_per_party=True).values_list("code", flat=True))
    coming = set[tuple[str, str]]().union(*(_contradictory(values, single) for values in after))
    if not coming:
        return 0
    now = GoldenRecord.objects.filter(party__in=parties).values_list("values", flat=True)
    return len(coming.difference(*(_contradictory(values, single) for values in now)))


def _contradictory(values: Mapping[str, Any], single: set[str]) -> set[tuple[str, str]]:
    """(scheme, country) of identifiers of which there should be one and are several."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item in values.get("identifiers", ()):
        if item.get("scheme") in single and item.get("valid") is not False:
            found[item["scheme"], item.get("country") or ""].add(item["value"])
    return {scheme for scheme, several in found.items() if len(several) > 1}
