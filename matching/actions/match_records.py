"""Matching itself: records in, key index, candidate pairs and links out. Derived state only, one transaction, safe to
run again."""

from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection, transaction

from matching.actions.index_records import index_records
from matching.canonical import canonical_table
from matching.engine.candidates import Stages, keys_of_all
from matching.engine.keys import Keys
from matching.engine.local import Runner
from matching.engine.model import KindModel, Model
from matching.engine.pairs import rows_of
from matching.engine.prepared import Prepared, prepare
from matching.engine.score import score_pairs
from matching.forms import forget_records, forms_of, write_records
from matching.index import clear_index, id_bytes, index_keys, pairs_in_index, write_keys, write_overfull
from matching.pairs import Found, forget_pairs, forget_parted, write_pairs
from party_hub.actions.replace_links import drop_links, replace_links
from party_hub.actions.waiting import Waiting
from party_hub.domain.attributes import Kind
from party_hub.garbage import no_collection
from party_hub.models.copy import as_array

MATCH_LOCK = 727_003


@dataclass
class Matched:
    """What a matching found. `reached`: further records whose links it changed, and since when they wait for that."""

    records: int = 0
    pairs: int = 0
    automatic: int = 0
    suggested: int = 0
    reached: dict[str, str] = field(default_factory=dict)
    stages: Stages = field(default_factory=Stages)

    def add(self, other: "Matched") -> None:
        """Take in what another matching found."""
        self.records += other.records
        self.pairs += other.pairs
        self.automatic += other.automatic
        self.suggested += other.suggested
        for name, seconds in other.stages.seconds.items():
            self.stages.add(name, seconds)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Waits until no other process is matching, and keeps others out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MATCH_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MATCH_LOCK])


@transaction.atomic
def match_records(
    *,
    model: Model,
    records: Collection[UUID] | None,
    runner: Runner,
    in_hand: Waiting | None = None,
) -> Matched:
    """Match `records` (None: all) anew: their keys, candidate pairs and links are replaced.

    A record is compared with whatever shares a key with it, so the pairs are the same in whichever order records come.
    Where the records change which keys are over-full, others are matched anew too; these wait to be resolved as well.
    All records are matched by `runner`; the pairs of some come from the index and are scored in process. `in_hand` are
    records that another process resolves meanwhile, with since when they waited.
    """
    matched, anew, further = Matched(), None, set[str]()
    if records is None:
        found = _match_all(model, runner, matched)
    else:
        with matched.stages.time("index"):
            reached = index_records(model, records)
            anew = reached.anew
            further = drop_links(forget_parted(reached.crowded - anew)) | anew.difference(map(str, records))
        found = _match_some(model, anew, matched)
    forget_pairs(anew)
    former: Collection[str] | None = anew  # whose links are there still
    for one in found:
        with matched.stages.time("write"):
            write_pairs(one, model.version)
            links = list(one.links())
            replace_links(records=former, links=links, model_version=model.version)
            if records is None:
                connection.check_constraints()  # of these links while the next pairs are compared, not all at the end
        former = ()
        matched.automatic += len(links)
        matched.suggested += len(one.scored) - len(links)
    with matched.stages.time("write"):
        if former is None or former:
            replace_links(records=former, links=(), model_version=model.version)
        matched.reached = _wait(further, in_hand or {})
    return matched


@dataclass(frozen=True)
class _Work:
    """All records of one kind, prepared and compared in a thread of their own."""

    model: KindModel
    table: pa.Table

    def prepare(self) -> tuple[Prepared, Keys]:
        """The records in comparison form, and their keys."""
        prepared = prepare(self.table, self.model.kind)
        return prepared, keys_of_all(self.model, prepared)

    def compare(self, prepared: "Future[tuple[Prepared, Keys]]", runner: Runner) -> tuple[Found, int]:
        """What `runner` finds among them, and how many pairs it compared."""
        records, keys = prepared.result()
        scored, pairs = runner(self.model, records, Stages(), keys)
        return Found.among(self.model, records, scored), pairs


def _match_all(model: Model, runner: Runner, matched: Matched) -> Iterator[Found]:
    """The pairs of all records, whose keys and forms make up the index anew.

    One thread prepares and one compares while this one reads and writes, which is to wait for PostgreSQL. The stages
    are what this one spends: `prepare` and `score` are how long it had to wait for the others. Organisations come
    first: they have most pairs to write, which is done while people are compared.
    """
    clear_index()
    forget_records(None)
    with no_collection(), ThreadPoolExecutor(1) as preparer, ThreadPoolExecutor(1) as comparer:
        works = []
        for kind in (Kind.ORGANISATION, Kind.INDIVIDUAL):
            with matched.stages.time("read"):
                table = canonical_table(kind=kind)
            if table.num_rows:
                work = _Work(model.kinds[kind], table)
                works.append((work, preparer.submit(work.prepare)))
        compared = [comparer.submit(work.compare, prepared, runner) for work, prepared in works]
        for _, preparing in works:
            with matched.stages.time("prepare"):
                prepared, keys = preparing.result()
            with matched.stages.time("index"):
                write_keys(keys.keys.view("int64"), id_bytes(prepared.ids.to_pylist())[keys.rows], cleared=True)
                write_records(prepared, keys, cleared=True)
            matched.records += len(prepared)
        with matched.stages.time("index"):
            index_keys()
            for _, preparing in works:
                write_overfull(preparing.result()[1])
        for comparing in compared:
            with matched.stages.time("score"):
                found, pairs = comparing.result()
            matched.pairs += pairs
            yield found


def _match_some(model: Model, records: Collection[str], matched: Matched) -> Iterator[Found]:
    """The pairs that the index gives of records that are in it."""
    with matched.stages.time("block"):
        pairs = pairs_in_index(records, model.largest_block)
        met = pc.unique(pa.chunked_array([*pairs.column("left").chunks, *pairs.column("right").chunks], pa.string()))
    with matched.stages.time("read"):
        forms = forms_of(met.to_pylist())
    matched.records = len(records)
    for kind, prepared in forms.items():
        with matched.stages.time("score"):
            rows = rows_of(pairs, prepared.ids)
            scored = score_pairs(model.kinds[kind], prepared, rows, keep_from=model.kinds[kind].thresholds.review)
            found = Found.among(model.kinds[kind], prepared, scored)
        matched.pairs += len(rows[0])
        yield found


def _wait(records: Collection[str], in_hand: Waiting) -> dict[str, str]:
    """Lets these records wait to be resolved, for their links have changed; gives since when.

    Those that wait already have changed themselves, and are left to the run that will match the change; but those that
    are `in_hand` wait anew, for who resolves them now may not have seen these links.
    """
    if not records:
        return {}
    ids, held = as_array(records), {record: in_hand[record] for record in records if record in in_hand}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE party_hub_unresolvedrecord u SET since = clock_timestamp() "
            "FROM unnest(%s::uuid[], %s::timestamptz[]) AS held(record, since) "
            "WHERE u.record_id = held.record AND u.since = held.since RETURNING u.record_id::text, u.since::text",
            [as_array(held), list(held.values())],
        )
        waiting = dict(cursor.fetchall())
        cursor.execute(
            "INSERT INTO party_hub_unresolvedrecord (record_id, version, since) "
            "SELECT id, version, clock_timestamp() FROM party_hub_sourcerecord WHERE id = ANY(%s::uuid[]) ORDER BY id "
            "ON CONFLICT DO NOTHING RETURNING record_id::text, since::text",
            [ids],
        )
        return waiting | dict(cursor.fetchall())
