"""Two parties and who else is near them: records, what joins them, what keeps them apart."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from matching.models import CandidatePair
from party_hub.domain.judgement import Judgement
from party_hub.models import Decision, GoldenRecord, Link, Membership, SourceRecord
from stewardship.models import ReviewTask
from stewardship.presentation.graph import Edge, Graph, Group, Node, Tie, draw

MOST_OTHERS, MOST_RECORDS, MOST_PAIRS = 6, 10, 300


def neighbourhood(task: ReviewTask, least: float) -> Graph:
    """The two parties of the task with the nearest others, and pairs from the probability `least` on. Eight queries."""
    own = _records_of(list(task.pair))
    ids = {record.pk for records in own.values() for record in records}
    touching = Q(left__in=ids) | Q(right__in=ids)
    pairs = list(CandidatePair.objects.filter(touching, probability__gte=least).order_by("-probability")[:MOST_PAIRS])
    others = _others(pairs, ids)
    records = {**own, **_records_of(others)}
    names = dict(GoldenRecord.objects.filter(party__in=records).values_list("party_id", "name"))
    letters = {task.party_a_id: "A", task.party_b_id: "B"}
    groups = [
        Group(
            party,
            letters.get(party, ""),
            names.get(party, str(party)[:8]),
            [Node(record.pk, record.source_id, record.key) for record in members[:MOST_RECORDS]],
            max(len(members) - MOST_RECORDS, 0),
        )
        for party, members in records.items()
    ]
    shown = {node.record for group in groups for node in group.nodes}
    return draw(groups, _edges(shown, pairs))


def _others(pairs: Collection[CandidatePair], ids: set[UUID]) -> list[UUID]:
    """The nearest other parties, by the best pair that leads to each."""
    strangers = [record for pair in pairs for record in (pair.left_id, pair.right_id) if record not in ids]
    party_of = dict(
        Membership.objects.filter(record__in=set(strangers), span__upper_inf=True).values_list("record_id", "party_id")
    )
    return list(dict.fromkeys(party_of[record] for record in strangers if record in party_of))[:MOST_OTHERS]


def _records_of(parties: Collection[UUID]) -> dict[UUID, list[SourceRecord]]:
    found: dict[UUID, list[SourceRecord]] = {party: [] for party in parties}
    live = Membership.objects.filter(party__in=parties, span__upper_inf=True).select_related("record")
    for membership in live.order_by("record__source", "record__key"):
        found[membership.party_id].append(membership.record)
    return found


def _edges(shown: set[UUID], pairs: Collection[CandidatePair]) -> list[Edge]:
    """What ties or parts the records shown: one edge a pair, decisions before links before pairs."""
    between = Q(left__in=shown, right__in=shown)
    edges: dict[tuple[UUID, UUID], Edge] = {}
    for pair in pairs:
        if {pair.left_id, pair.right_id} <= shown:
            edges[pair.left_id, pair.right_id] = Edge(pair.left_id, pair.right_id, Tie.PAIR, pair.probability)
    for link in Link.objects.filter(between):
        tie = Tie.HELD if link.held else Tie.LINK
        edges[link.left_id, link.right_id] = Edge(link.left_id, link.right_id, tie, link.score)
    for decision in Decision.objects.filter(between, retracted_at__isnull=True).exclude(judgement=Judgement.UNSURE):
        tie = Tie.MATCH if decision.judgement == Judgement.MATCH else Tie.NO_MATCH
        edges[decision.left_id, decision.right_id] = Edge(decision.left_id, decision.right_id, tie, decision.score)
    return list(edges.values())
