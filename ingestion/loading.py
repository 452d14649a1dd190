"""A run from its file to its source records: land, map, validate, curate, register. Imported by whoever has Spark,
never by the web.

A run may die anywhere. The raw and the curated zone show only whole sets; source records, rejected rows and the run's
success are
written in one transaction; so a run that died is simply loaded again.
"""

import hashlib
import importlib
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
from django.conf import settings
from django.db import connection, transaction

from ingestion.feeds import adapter_of
from ingestion.mapping.adapter import Adapter, Kind, Rule, Severity
from ingestion.quality.check import QualityError
from ingestion.spark import job
from ingestion.spark.session import SparkOptions, session
from party_hub.actions.register_records import IncomingRecord, Registered, register_records
from party_hub.models import SourceSystem

from .actions import enter_stage, fail_run, finish_run, keep_rejects, note_progress, start_run
from .lake import LakeError, Zone, checksum, fetch, open_lake
from .landing import BadFile, Examined, examine
from .models import FeedRun, RejectedRow, RunState, Stage

LOAD_LOCK = 727_010
_BATCH = 20_000
_LOG = logging.getLogger(__name__)

Watch = Callable[[FeedRun], None]


class LoadFailed(Exception):
    """The load failed; the run says why, and so does the text."""


class Busy(Exception):
    """Another run of this feed is at work."""


def spark_options() -> SparkOptions:
    """How the settings say that Spark is to be reached."""
    return SparkOptions(settings.SPARK_MASTER, settings.SPARK_DRIVER_MEMORY, settings.JAVA_HOME, settings.SPARK_UI)


def load(run: FeedRun, *, task_id: str = "", watch: Watch = lambda run: None) -> FeedRun:
    """Carry `run` out; gives it when it has succeeded. `watch` is called whenever it has come further.

    Raises LoadFailed where the file or the lake is at fault (the run says why), Busy where another run of the feed
    is at work.
    """
    with _alone(run.feed_id):
        start_run(run=run, task_id=task_id)
        watch(run)
        try:
            with tempfile.TemporaryDirectory(prefix="party-hub-load-") as folder:
                _Load(run, Path(folder), watch).carry_out()
        except (BadFile, LakeError, job.RunStopped, QualityError) as problem:
            fail_run(run=run, error=str(problem))
            watch(run)
            raise LoadFailed(str(problem)) from problem
        except Exception as problem:
            _LOG.exception("Load failed", extra={"run": run.pk, "feed": run.feed_id})
            fail_run(
                run=run, error=f"The load broke off in stage {run.stage}: {type(problem).__name__}. The log has more."
            )
            watch(run)
            raise
    watch(run)
    return run


@contextmanager
def _alone(feed: str) -> Iterator[None]:
    """Hold the feed's lock, which PostgreSQL lets go of when this process dies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOAD_LOCK, feed])
        if not cursor.fetchone()[0]:
            raise Busy(f"Another run of the feed {feed} is at work. Wait until it is done.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOAD_LOCK, feed])


class _Load:
    """One run's work, stage by stage."""

    def __init__(self, run: FeedRun, folder: Path, watch: Watch):
        self._run, self._folder, self._watch = run, folder, watch
        self._adapter = adapter_of(run.feed.adapter)
        self._lake = open_lake()
        self._seconds: dict[str, float] = {}

    def carry_out(self) -> None:
        started = time.perf_counter()
        # Importing it takes seconds in which Spark, starting, leaves Python idle.
        threading.Thread(target=importlib.import_module, args=("great_expectations.expectations",), daemon=True).start()
        path = fetch(self._run.location, self._folder)
        digest, version = checksum(path), _version(self._adapter)
        same = self._same_file(digest, version)
        enter_stage(
            run=self._run, stage=Stage.LAND, checksum=digest, adapter_version=version, bytes=path.stat().st_size
        )
        if same is not None:
            self._repeat(same, started)
            return
        examined = self._land(path)
        self._seconds["land"] = round(time.perf_counter() - started, 3)
        spark = session(spark_options())
        enter_stage(
            run=self._run, stage=Stage.LAND, columns=examined.columns, spark_ui=spark.sparkContext.uiWebUrl or ""
        )
        work = self._folder / "work"
        outcome = job.run(
            spark,
            self._checked_adapter(),
            path.as_uri(),
            examined.columns,
            examined.named,
            work.as_uri(),
            self._entering,
        )
        self._seconds |= outcome.seconds
        self._curate(work, outcome)
        self._register(work, outcome)

    def _same_file(self, digest: str, version: str) -> FeedRun | None:
        """The feed's last success, if it loaded this very file under this very adapter."""
        last = FeedRun.objects.filter(feed=self._run.feed_id, state=RunState.SUCCEEDED).order_by("-pk").first()
        return last if last and (last.checksum, last.adapter_version) == (digest, version) else None

    def _repeat(self, same: FeedRun, started: float) -> None:
        copied = ("landed", "accepted", "quarantined", "quality", "raw_location", "curated_location")
        finish_run(
            run=self._run,
            same_as=same.same_as or same,
            stage="",
            unchanged=same.accepted,
            seconds={"land": round(time.perf_counter() - started, 3)},
            **{name: getattr(same, name) for name in copied},
        )

    def _land(self, path: Path) -> Examined:
        """Into the raw zone as it came, then examine it: a bad file is kept, for who has to find out what happened."""
        now = datetime.now(UTC)
        if self._run.location.startswith(f"{self._lake.location(Zone.RAW)}/"):  # an upload is there already
            enter_stage(run=self._run, stage=Stage.LAND, raw_location=self._run.location)
            return self._examine(path)
        prefix = f"{Zone.RAW}/{self._run.feed_id}/{now:%Y-%m-%d}/{self._run.pk}"
        about = {
            "feed": self._run.feed_id,
            "source": self._adapter.source,
            "location": self._run.location,
            "run": self._run.pk,
            "arrived": now.isoformat(),
        }
        self._lake.publish(prefix, {path.name: path}, about)
        enter_stage(run=self._run, stage=Stage.LAND, raw_location=self._lake.location(f"{prefix}/{path.name}"))
        return self._examine(path)

    def _examine(self, path: Path) -> Examined:
        size, told = path.stat().st_size, 0

        def progress(done: int) -> None:
            nonlocal told
            if done - told >= size // 20:
                told = done
                note_progress(run=self._run, done=done, total=size)

        return examine(path, self._adapter, progress)

    def _checked_adapter(self) -> Adapter:
        """The adapter; where its rows name their source themselves, with the rule that it must be one."""
        if self._adapter.format.kind is not Kind.JSON_LINES:
            return self._adapter
        known = list(SourceSystem.objects.values_list("code", flat=True))
        rule = Rule(
            "expect_column_values_to_be_in_set",
            "source",
            f"The source is none of {', '.join(known)}.",
            Severity.QUARANTINE,
            {"value_set": known},
        )
        return replace(self._adapter, rules=(*self._adapter.rules, rule))

    def _entering(self, stage: str, outcome: job.Outcome) -> None:
        seconds = self._seconds | outcome.seconds
        enter_stage(run=self._run, stage=stage, landed=outcome.landed, quarantined=outcome.quarantined, seconds=seconds)
        self._watch(self._run)

    def _curate(self, work: Path, outcome: job.Outcome) -> None:
        started = time.perf_counter()
        prefix = f"{Zone.CURATED}/{self._run.feed_id}/run={self._run.pk}"
        parts = sorted((work / "curated").glob("part-*.parquet"))
        about = {
            "feed": self._run.feed_id,
            "run": self._run.pk,
            "raw": self._run.raw_location,
            "rows": outcome.accepted,
            "schema": 1,
            "adapter_version": self._run.adapter_version,
        }
        self._lake.publish(prefix, {f"part-{at:05d}.parquet": part for at, part in enumerate(parts)}, about)
        self._seconds["curate"] = round(self._seconds["curate"] + time.perf_counter() - started, 3)
        enter_stage(
            run=self._run,
            stage=Stage.REGISTER,
            curated_location=self._lake.location(prefix),
            accepted=outcome.accepted,
            quality=outcome.quality,
            seconds=self._seconds,
        )
        self._watch(self._run)

    def _register(self, work: Path, outcome: job.Outcome) -> None:
        """Source records, rejected rows and the run's success in one transaction."""
        started = time.perf_counter()
        with transaction.atomic():
            counts = dict.fromkeys(("created", "updated", "unchanged", "late", "withdrawn"), 0)
            for source, records in _by_source(work / "curated", self._adapter, self._run.raw_location):
                registered = register_records(source=source, records=records, actor=f"feed:{self._run.feed_id}")
                for name in counts:
                    counts[name] += getattr(registered, name)
            if outcome.quarantined:
                keep_rejects(run=self._run, rejects=_rejects(self._run, work / "rejected"))
            self._seconds["register"] = round(time.perf_counter() - started, 3)
            finish_run(
                run=self._run,
                stage="",
                landed=outcome.landed,
                accepted=outcome.accepted,
                quarantined=outcome.quarantined,
                seconds=self._seconds,
                **counts,
            )


def changed(run: FeedRun) -> int:
    """How many records wait to be matched after `run`."""
    return Registered(run.created, run.updated, run.unchanged, run.late, run.withdrawn).changed


def _version(adapter: Adapter) -> str:
    """Tells two states of an adapter apart, so that a changed one loads an unchanged file again."""
    return hashlib.sha256(repr(adapter).encode()).hexdigest()


def _by_source(folder: Path, adapter: Adapter, raw_location: str) -> Iterator[tuple[str, Iterator[IncomingRecord]]]:
    """The accepted records of each source in the file; streamed, but for events, whose order in the file matters."""
    rows = ds.dataset(sorted(folder.glob("part-*.parquet")), format="parquet")
    if adapter.format.kind is not Kind.JSON_LINES:
        yield adapter.source, _incoming(rows.to_batches(columns=_COLUMNS, batch_size=_BATCH), raw_location)
        return
    table = rows.to_table(columns=[*_COLUMNS, "source"]).sort_by("line")
    for source in sorted(set(table["source"].to_pylist())):
        of_source = table.filter(ds.field("source") == source)
        yield source, _incoming(of_source.to_batches(_BATCH), raw_location)


_COLUMNS = ["line", "key", "party_type", "attributes", "effective_at", "withdrawn"]


def _incoming(batches: Any, raw_location: str) -> Iterator[IncomingRecord]:
    for batch in batches:
        lines, *rest = (batch.column(name).to_pylist() for name in _COLUMNS)
        for line, (key, party_type, attributes, effective_at, withdrawn) in zip(
            lines, zip(*rest, strict=True), strict=True
        ):
            yield IncomingRecord(key, party_type, attributes, f"{raw_location}#{line}", effective_at, withdrawn)


def _rejects(run: FeedRun, folder: Path) -> Iterator[RejectedRow]:
    rows = ds.dataset(sorted(folder.glob("part-*.parquet")), format="parquet")
    for batch in rows.to_batches(batch_size=_BATCH):
        for row in batch.to_pylist():
            yield RejectedRow(
                run=run,
                line=row["line"],
                key=row["key"] or "",
                field=row["field"] or "",
                reason=row["reason"],
                raw=(row["raw"] or "").replace("\x00", "\\u0000"),
            )
