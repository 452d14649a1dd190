"""An act before it is done: the parties as they are, as they would be, and what that means in a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from party_hub.actions.preview import Preview
from party_hub.domain.attributes import Kind, kind_of
from party_hub.domain.lineage import unfold
from party_hub.models import GoldenRecord, SourceRecord
from stewardship.presentation.consequences import name_of, sentence_of
from stewardship.presentation.outcome import Column, Row, rows_of
from stewardship.proposal import Proposal, digest, preview

from .risk import Risk, risks_of


@dataclass(frozen=True)
class Foreseen:
    """What an act would do now. `versions` are those of the parties that were looked at, by id."""

    columns: list[Column]
    rows: list[Row]
    sentence: str
    risks: list[Risk]
    versions: dict[UUID, int]
    digest: str

    @property
    def names(self) -> list[str]:
        """The parties as they are called now."""
        return [column.name for column in self.columns if not column.after]


def foresee(proposal: Proposal, *, personal: bool) -> Foreseen:
    """The outcome of an act as of now. Raises NotFound and Conflict. About fifteen queries."""
    outcome = preview(proposal)
    golden = {
        one.party_id: one for one in GoldenRecord.objects.select_related("party").filter(party__in=proposal.parties)
    }
    before = [_before(golden[party]) for party in proposal.parties]
    after = _after(outcome, golden)
    individual = any(kind_of(one.party.party_type) is Kind.INDIVIDUAL for one in golden.values())
    columns = [*before, *after]
    return Foreseen(
        columns,
        rows_of(columns, personal=personal or not individual),
        sentence_of(proposal, outcome, {party: (one.name, one.values) for party, one in golden.items()}),
        risks_of(proposal, outcome),
        {party: golden[party].party.version for party in proposal.parties},
        digest(outcome),
    )


def _before(golden: GoldenRecord) -> Column:
    told = unfold(golden.lineage, golden.values)
    sources = sorted({record["source"] for record in golden.lineage.get("records", ())})
    return Column(_("As it is"), golden.name, golden.party_id, golden.record_count, sources, told)


def _after(outcome: Preview, golden: Mapping[UUID, GoldenRecord]) -> list[Column]:
    records = [record for part in outcome.golden for record in part.records]
    source = dict(SourceRecord.objects.filter(pk__in=records).values_list("pk", "source_id"))
    return [
        Column(
            _("As it would be") if part.party else _("As it would be, a new party"),
            name_of(part),
            part.party,
            len(part.records),
            sorted({source[record] for record in part.records}),
            part.lineage,
            after=True,
        )
        for part in outcome.golden
    ]
