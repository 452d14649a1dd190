"""Full files: what a source's whole file leaves out is withdrawn, unless that looks like somebody's mistake.

A full file says nothing of a record that it leaves out. So the record is withdrawn as of the moment of the file's
newest row, but its own moment stays as its source last said it: a file that holds it again brings it back, even an
earlier one that is loaded once more. A record that changed after the file's newest row is not touched: it is newer.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.dataset as ds

from party_hub.actions.withdraw_missing import withdraw_missing

from .actions import enter_stage
from .mapping.canonical_rows import CURATED
from .models import FeedRun, LoadType, RunState, Stage
from .spark.transform import CURATED_ROWS, REJECTED, REJECTED_ROWS

_SCHEMAS = {CURATED_ROWS: CURATED, REJECTED_ROWS: REJECTED}
_HOW = "If this is right, confirm it on the page of run {run}, or load the file with --confirm-withdrawals."


class Held(RuntimeError):
    """The run waits for somebody to confirm what it would withdraw; the text says what, and how to go on."""


def withdraw_left_out(run: FeedRun, work: Path) -> int:
    """Withdraw the source's records that the run's file leaves out; gives how many.

    `work` holds the run's `curated` and `rejected` rows: a row that was set aside still speaks for its record. Called
    in the transaction of the run's registration. Raises Held.
    """
    as_of = _newest(work) or run.requested_at
    enter_stage(run=run, stage=Stage.REGISTER, as_of=as_of)
    if not run.confirmed_by:
        _hold_older(run, as_of)
    return withdraw_missing(
        source=run.feed.source_id,
        present=_keys(work),
        as_of=as_of,
        raw_location=run.raw_location,
        allow=_judge(run, work),
    )


def _newest(work: Path) -> datetime | None:
    """The latest moment that a row names; one in the future is nobody's."""
    moments = _rows(work / CURATED_ROWS).to_table(columns=["effective_at"])["effective_at"]
    newest: datetime | None = pc.max(moments.filter(pc.less_equal(moments, datetime.now(UTC)))).as_py()
    return newest


def _keys(work: Path) -> Iterator[tuple[str]]:
    for folder in (CURATED_ROWS, REJECTED_ROWS):
        for batch in _rows(work / folder).to_batches(columns=["key"]):
            yield from ((key,) for key in batch.column(0).to_pylist() if key)


def _rows(folder: Path) -> "ds.Dataset":
    parts = sorted(folder.glob("part-*.parquet"))
    return ds.dataset(parts, format="parquet", schema=_SCHEMAS[folder.name])


def _hold_older(run: FeedRun, as_of: datetime) -> None:
    full = FeedRun.objects.filter(feed=run.feed_id, load_type=LoadType.FULL, state=RunState.SUCCEEDED)
    last = full.filter(pk__lt=run.pk).order_by("-pk").first()
    if last is not None and last.as_of is not None and as_of < last.as_of:
        raise Held(
            f"This full file is older than the last one: its newest row is of {as_of:%Y-%m-%d %H:%M}, that of run "
            f"{last.pk} is of {last.as_of:%Y-%m-%d %H:%M}. What it leaves out may have come since. "
            f"{_HOW.format(run=run.pk)}"
        )


def _judge(run: FeedRun, work: Path) -> Callable[[int, int], None]:
    """What looks at how many records are missing, of how many that are known; raises Held where that is too much."""

    def judge(missing: int, known: int) -> None:
        if not missing or run.confirmed_by:
            return
        told = f"{missing:,} of {known:,} records of {run.feed.source_id} are not in this full file"
        how = f"{_HOW.format(run=run.pk)} If the file is a delta, load it as one."
        keyless = _rows(work / REJECTED_ROWS).count_rows(filter=pc.field("key") == "") if run.quarantined else 0
        if keyless:
            whose = (
                "1 row whose key cannot be read: it"
                if keyless == 1
                else f"{keyless:,} rows whose key cannot be read: they"
            )
            raise Held(f"{told}, but it has {whose} may be theirs. {how}")
        most = run.feed.most_missing_percent
        if missing * 100 > most * known:
            raise Held(f"{told} ({missing / known:.0%}); at most {most} % may go without being confirmed. {how}")

    return judge
