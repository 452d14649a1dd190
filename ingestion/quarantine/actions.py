"""The acts on rows in quarantine: correct one, replay many, dismiss, and note that a row was sent anew.

A row comes in through the mapping and the rules that its file went through, as what it was: a row of that file at that
time. So a correction that comes after a newer file does not overwrite what that file said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from ingestion.adapters import adapter_in_force
from ingestion.mapping.adapter import Adapter
from ingestion.mapping.rules import ONE_ROW_A_KEY
from ingestion.models import FeedRun, RejectedRow, RejectState
from party_hub.actions.audit import audit
from party_hub.actions.register_records import IncomingRecord, register_records
from party_hub.chain import Step, hand_over
from party_hub.domain.identity import record_id
from party_hub.models import SourceRecord

from .rows import Checked, check_rows, columns_of, values_of

MOST_AT_ONCE = 1_000


class NotOpen(Exception):
    """The row is not open any more; the text says what became of it."""


@dataclass
class Replayed:
    """What became of rows that were replayed: how many came in, and how many still break a rule."""

    accepted: int = 0
    refused: int = 0
    records: list[UUID] = field(default_factory=list)


@transaction.atomic
def fix_row(*, row_id: int, values: Mapping[str, str], actor: str, note: str = "") -> Checked:
    """Correct a row to `values` (by its file's columns) and let it in. Where it still breaks a rule nothing is written,
    and what is given says which.

    Raises RejectedRow.DoesNotExist, NotOpen.
    """
    row = _locked([row_id]).get()
    if row.state != RejectState.OPEN:
        raise NotOpen(f"This row is {RejectState(row.state).label.lower()} already.")
    adapter = adapter_in_force(row.run.feed)
    before = values_of(row, adapter)
    fixed = {column: values.get(column, text) for column, text in before.items()}
    checked = _judged([row], [fixed], adapter)[0]
    if checked.reason:
        return checked
    changed = sorted(column for column, text in fixed.items() if text != before[column])
    row.fixed, row.note = fixed, note
    row.save(update_fields=["fixed", "note"])
    _let_in([(row, checked)], actor)
    _tell("fix_row", actor, row.run.feed_id, [row], columns=changed, reason=note)
    return checked


@transaction.atomic
def replay_rows(*, ids: Sequence[int], actor: str) -> Replayed:
    """Look at these rows again under the mapping and rules of today, and let in those that keep them.

    The others stay open, with today's reason. Rows that are not open are passed over, so a second call changes nothing.
    At most `MOST_AT_ONCE` a call (ValueError).
    """
    if len(ids) > MOST_AT_ONCE:
        raise ValueError(f"{len(ids):,} rows are more than {MOST_AT_ONCE:,} at once.")
    rows = list(_locked(ids).filter(state=RejectState.OPEN))
    whole = Replayed()
    for _, group in groupby(
        sorted(rows, key=lambda row: (row.run.feed_id, row.run_id, row.pk)), lambda row: row.run_id
    ):
        of_run = list(group)
        adapter = adapter_in_force(of_run[0].run.feed)
        judged = _judged(of_run, [values_of(row, adapter) for row in of_run], adapter)
        good = [(row, checked) for row, checked in zip(of_run, judged, strict=True) if not checked.reason]
        whole.records += _let_in(good, actor)
        whole.accepted += len(good)
        whole.refused += len(of_run) - len(good)
        _note_reasons((row, checked) for row, checked in zip(of_run, judged, strict=True) if checked.reason)
        if good:
            _tell("replay_rows", actor, of_run[0].run.feed_id, [row for row, _ in good])
    return whole


@transaction.atomic
def dismiss_rows(*, ids: Sequence[int], actor: str, reason: str) -> int:
    """Decide that these open rows are not to come in, and why (ValueError without a reason). They stay readable."""
    if not reason.strip():
        raise ValueError("Say why the rows are not to come in.")
    rows = list(_locked(ids).filter(state=RejectState.OPEN))
    RejectedRow.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=RejectState.DISMISSED, closed_at=Now(), closed_by=actor, note=reason.strip()
    )
    by_feed = sorted(rows, key=lambda row: row.run.feed_id)
    for feed, group in groupby(by_feed, lambda row: row.run.feed_id):
        _tell("dismiss_rows", actor, feed, list(group), reason=reason.strip())
    return len(rows)


def supersede_rejects(*, run: FeedRun, source: str) -> int:
    """Close open rows of the feed's earlier runs that came again in `run`, whether taken or set aside anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SUPERSEDE, {"run": run.pk, "feed": run.feed_id, "source": source, "actor": f"feed:{run.feed_id}"}
        )
        return int(cursor.rowcount)


_SUPERSEDE = """
UPDATE ingestion_rejectedrow old SET state = 'superseded', closed_at = now(), closed_by = %(actor)s
FROM ingestion_feedrun r
WHERE r.id = old.run_id AND r.feed_id = %(feed)s AND r.id < %(run)s AND old.state = 'open'
  AND (EXISTS (SELECT FROM ingestion_rejectedrow new WHERE new.run_id = %(run)s AND new.key = old.key
               AND (old.key <> '' OR new.raw = old.raw))
       OR EXISTS (SELECT FROM party_hub_sourcerecord s WHERE s.source_id = %(source)s AND s.key = old.key
                  AND s.received_at > r.finished_at))
"""


def _locked(ids: Sequence[int]) -> QuerySet[RejectedRow]:
    rows = RejectedRow.objects.select_for_update(of=("self",)).select_related("run__feed")
    return rows.filter(pk__in=ids).order_by("pk")


def _judged(rows: Sequence[RejectedRow], values: Sequence[Mapping[str, str]], adapter: Adapter) -> list[Checked]:
    """The verdict on rows of one run, keys that are taken included: of two rows with one key the first comes in."""
    judged = check_rows(values, columns_of(rows[0], adapter), adapter)
    if ONE_ROW_A_KEY.code not in {rule.code for rule in adapter.rules}:
        return judged
    keys = {checked.mapped["key"] for checked in judged}
    prefix = f"{rows[0].run.raw_location}#"
    taken = dict(
        SourceRecord.objects.filter(source=adapter.source, key__in=keys, raw_location__startswith=prefix).values_list(
            "key", "raw_location"
        )
    )
    for at, (row, checked) in enumerate(zip(rows, judged, strict=True)):
        key = checked.mapped["key"]
        where = taken.get(key, "")
        if not checked.reason and where and where != f"{prefix}{row.line}":
            judged[at] = Checked(
                checked.mapped,
                adapter.key,
                f"The key occurs more than once in the file; line {where.removeprefix(prefix)} was taken.",
                ONE_ROW_A_KEY.code,
            )
        elif not checked.reason:
            taken[key] = f"{prefix}{row.line}"
    return judged


def _let_in(rows: Sequence[tuple[RejectedRow, Checked]], actor: str) -> list[UUID]:
    by_source: dict[str, list[IncomingRecord]] = {}
    for row, checked in rows:
        mapped = checked.mapped
        # A row that names no moment spoke when its file came.
        moment = mapped["effective_at"] or row.run.started_at or row.run.requested_at
        where = f"{row.run.raw_location}#{row.line}"
        incoming = IncomingRecord(
            mapped["key"], mapped["party_type"], mapped["attributes"], where, moment, mapped["withdrawn"]
        )
        by_source.setdefault(mapped["source"], []).append(incoming)
    records: list[UUID] = []
    for source, incomings in by_source.items():
        register_records(source=source, records=incomings, actor=actor)
        records += dict.fromkeys(record_id(source, one.key) for one in incomings)
    RejectedRow.objects.filter(pk__in=[row.pk for row, _ in rows]).update(
        state=RejectState.REPLAYED, closed_at=Now(), closed_by=actor
    )
    if records:
        hand_over(Step.RESOLVE_RECORDS, records=[str(record) for record in records])
    return records


def _note_reasons(refused: Iterable[tuple[RejectedRow, Checked]]) -> None:
    changed = []
    for row, checked in refused:
        row.field, row.reason, row.rule = checked.field[:200], checked.reason, checked.rule
        changed.append(row)
    RejectedRow.objects.bulk_update(changed, ["field", "reason", "rule"], batch_size=500)


def _tell(
    verb: str, actor: str, feed: str, rows: Sequence[RejectedRow], *, reason: str = "", **details: object
) -> None:
    audit(
        act=uuid4(),
        actor=actor,
        verb=verb,
        subject_type="feed",
        subject_id=feed,
        reason=reason,
        rows=len(rows),
        first_row=rows[0].pk,
        runs=sorted({row.run_id for row in rows}),
        **details,
    )
