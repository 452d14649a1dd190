"""What putting a model in force would change: which parties would become one, and which would come apart."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from uuid import UUID

from django.db import connection
from django.utils import timezone

from matching.canonical import canonical_table
from matching.engine.bands import asked, automatic
from matching.engine.candidates import Stages
from matching.engine.columns import kind_mask
from matching.engine.local import match_all
from matching.engine.model import Model
from matching.engine.prepared import prepare
from matching.models import MatchModel
from matching.queries import model_of
from party_hub.actions.marks import marks_for
from party_hub.domain.attributes import Kind
from party_hub.domain.clusters import cluster

SHOWN = 10
_MEMBERS = "SELECT record_id::text, party_id::text FROM party_hub_membership WHERE upper_inf(span)"
_DECISIONS = """
SELECT left_id::text, right_id::text, judgement FROM party_hub_decision
WHERE retracted_at IS NULL AND (expires_at IS NULL OR expires_at > now())
"""
_EXCLUSIVE = """
SELECT r.id::text, r.source_id FROM party_hub_sourcerecord r
JOIN party_hub_sourcesystem s ON s.code = r.source_id WHERE s.duplicate_free AND r.withdrawn_at IS NULL
"""

Link = tuple[str, str, float]


@dataclass(frozen=True)
class Impact:
    """How many parties there are and would be; how many groups of them would be merged, and how many would be split.

    `merges` and `splits` show the first of those by party id.
    """

    parties: int
    parties_after: int
    merged: int
    split: int
    automatic: int
    review: int
    merges: list[list[str]] = field(default_factory=list)
    splits: list[str] = field(default_factory=list)


def preview_model(*, version: str) -> Impact:
    """Match everything with a stored model, compare with the parties that there are, and note the result on the model.

    Writes no link, party or event. Raises NotFound.
    """
    margins, links, review = _joined(model_of(version))
    ids = list(margins)
    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS)
        party_of = dict(cursor.fetchall())
        cursor.execute(_DECISIONS)
        decisions = cursor.fetchall()
        cursor.execute(_EXCLUSIVE)
        exclusive = dict(cursor.fetchall())
        cursor.execute("SELECT id::text FROM party_hub_sourcerecord WHERE NOT attributes ? 'names'")
        bare = {record for (record,) in cursor.fetchall()}
    must = [(left, right) for left, right, judgement in decisions if judgement == "match"]
    cannot = [(left, right) for left, right, judgement in decisions if judgement == "no_match"]
    marks = marks_for([(left, right) for left, right, _ in links], UUID)
    after = cluster(ids, links, must, cannot, exclusive, marks, margins, bare).members
    impact = compare_parties(party_of, after, automatic=len(links), review=review)
    kept = MatchModel.objects.get(version=version)
    kept.impact = {**asdict(impact), "seen_at": timezone.now().isoformat()}
    kept.save(update_fields=["impact"])
    return impact


def _joined(model: Model) -> tuple[dict[str, float], list[Link], int]:
    """All records with the margin of their kind, the links that the model makes between them, and how many pairs it
    would show to stewards."""
    table, margins, links, review = canonical_table(), dict[str, float](), list[Link](), 0
    for kind in Kind:
        own = table.filter(kind_mask(table, kind))
        if not own.num_rows:
            continue
        prepared = prepare(own, kind)
        names = prepared.ids.to_pylist()
        scored, _ = match_all(model.kinds[kind], prepared, Stages())
        joined = automatic(model.kinds[kind], prepared, scored)
        chosen = scored.where(joined)
        margins |= dict.fromkeys(names, model.kinds[kind].thresholds.margin)
        links += [
            (names[left], names[right], float(chance))
            for left, right, chance in zip(chosen.left, chosen.right, chosen.probability, strict=True)
        ]
        review += int(asked(model.kinds[kind], prepared, scored, joined).sum())
    return margins, links, review


def compare_parties(
    party_of: Mapping[str, str], after: Sequence[Collection[str]], *, automatic: int = 0, review: int = 0
) -> Impact:
    """The parties of now (record → party) against the clusters that would be."""
    merges, clusters_of = [], defaultdict[str, set[int]](set)
    for number, records in enumerate(after):
        parties = {party_of[record] for record in records if record in party_of}
        for party in parties:
            clusters_of[party].add(number)
        if len(parties) > 1:
            merges.append(sorted(parties))
    splits = sorted(party for party, numbers in clusters_of.items() if len(numbers) > 1)
    merges.sort()
    return Impact(
        parties=len(clusters_of),
        parties_after=len(after),
        merged=len(merges),
        split=len(splits),
        automatic=automatic,
        review=review,
        merges=merges[:SHOWN],
        splits=splits[:SHOWN],
    )
