"""Ids: what a source record's id is, and which cluster keeps which party id."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID


def record_id(source: str, key: str) -> UUID:
    """The id of the record that `source` keeps under `key`: the first 16 bytes of SHA-256 over both.

    Derived rather than drawn, so that PostgreSQL, Spark and a single-record call agree on it without asking each other,
    and so that nothing that breaks a tie by id depends on the order in which records arrive.
    """
    return UUID(bytes=hashlib.sha256(f"{source}\x1f{key}".encode()).digest()[:16])


def assign_parties(
    clusters: Sequence[Sequence[UUID]], previous: Mapping[UUID, UUID], seniority: Mapping[UUID, tuple[object, UUID]]
) -> list[UUID | None]:
    """The party id that each cluster keeps, None where it needs a new one.

    `previous` maps a record to the party it belonged to last; `seniority` maps a record to (received at, id). A cluster
    keeps the id of the party that gave it most records; ties go to the party with the earliest record in the cluster. A
    party that several clusters claim goes to the one that holds most of its records, ties to the smaller cluster (so
    that a record that is moved does not carry its party's id away), then by the earliest; the others try their next
    best.
    """
    claims: list[tuple[int, int, tuple[object, UUID], int, UUID]] = []
    for index, members in enumerate(clusters):
        if not (given := [previous[member] for member in members if member in previous]):
            continue
        for party, count in Counter(given).items():
            earliest = min(seniority[member] for member in members if previous.get(member) == party)
            claims.append((-count, len(members), earliest, index, party))
    claims.sort()
    kept: list[UUID | None] = [None] * len(clusters)
    taken: set[UUID] = set()
    for *_, index, party in claims:
        if kept[index] is None and party not in taken:
            kept[index] = party
            taken.add(party)
    return kept
