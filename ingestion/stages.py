"""The stages of a run: land, map, validate, curate, register. Each leaves what the next needs where a crash spares it.

The raw zone keeps the file, the curated zone and the quarantine what became of its rows. Whoever takes up a run that
broke off goes on from the last of them that is whole.
"""

import hashlib
import importlib
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from pyspark.sql import SparkSession

from ingestion.mapping.adapter import Adapter, Kind, Severity
from ingestion.spark import job
from ingestion.spark.session import SparkOptions, session
from ingestion.spark.transform import CURATED_ROWS, REJECTED_ROWS, STAGED, Source
from party_hub.actions.register_records import Registered, register_batches, register_staged, stage_batches

from . import sets_of_run
from .actions import enter_stage, finish_run, keep_rejects, note_progress
from .adapters import adapter_in_force
from .encodings import readable
from .full_files import withdraw_left_out
from .job_rows import place, readable_rows, records_by_source, rejected_rows
from .lake import Zone, checksum, fetch, open_lake
from .landing import BadFile, Examined, examine
from .models import FeedRun, LoadType, RunState, Stage
from .quality.actions import drift_verdicts, keep_results, make_rules_known
from .quarantine.actions import supersede_rejects
from .unpacking import BadArchive, unpack

Watch = Callable[[FeedRun], None]


def spark_options() -> SparkOptions:
    """How the settings say that Spark is to be reached."""
    return SparkOptions(settings.SPARK_MASTER, settings.SPARK_DRIVER_MEMORY, settings.JAVA_HOME, settings.SPARK_UI)


class Load:
    """One run's work, stage by stage. `check` raises once the run is to stop."""

    def __init__(self, run: FeedRun, folder: Path, watch: Watch, check: Callable[[], None]):
        self._run, self._folder, self._watch, self._check = run, folder, watch, check
        make_rules_known(feed=run.feed, adapter=adapter_in_force(run.feed))
        self._adapter = adapter_in_force(run.feed)
        self._version = _version(self._adapter)
        self._lake = open_lake()
        self._seconds: dict[str, float] = dict(run.seconds)
        self._beside = 0.0  # seconds that curating took while the rows were registered
        self._work = folder / "work"

    def carry_out(self) -> None:
        """Do what is left to do."""
        if self._curated():
            self._clock = time.perf_counter()
            sets_of_run.fetch(self._lake, self._run, self._work)
            self._register(_curated_before)
            return
        path, fresh = self._fetch()
        if fresh and self._same_file():
            return
        self._transform(*(self._land(path) if fresh else self._examine(path)))

    # -- Where to begin ------------------------------------------------------------------------------------------------

    def _curated(self) -> bool:
        """Whether an earlier attempt, under the same adapter, has left nothing to do but to register."""
        run = self._run
        return (
            run.stage == Stage.REGISTER and run.adapter_version == self._version and self._whole(run.curated_location)
        )

    def _whole(self, location: str) -> bool:
        return bool(location) and self._lake.manifest(self._lake.name(location)) is not None

    def _fetch(self) -> tuple[Path, bool]:
        """The file, and whether it is yet to be landed; what an earlier attempt landed comes from the raw zone."""
        run = self._run
        if run.stage != Stage.LAND and self._whole(run.raw_location.rpartition("/")[0]):
            return fetch(run.raw_location, self._folder), False
        self._clock = time.perf_counter()
        path = fetch(run.location, self._folder)
        self._enter(Stage.LAND, checksum=checksum(path), adapter_version=self._version, bytes=path.stat().st_size)
        return path, True

    def _same_file(self) -> bool:
        """Whether the feed's last success loaded this very file under this very adapter; then the run is over."""
        run = self._run
        same = FeedRun.objects.filter(feed=run.feed_id, state=RunState.SUCCEEDED).order_by("-pk").first()
        this = (run.checksum, self._version, run.load_type)
        if same is None or (same.checksum, same.adapter_version, same.load_type) != this:
            return False
        copied = (
            *("landed", "accepted", "quarantined", "columns"),
            *("raw_location", "curated_location", "quarantine_location", "as_of"),
        )
        finish_run(
            run=run,
            same_as=same.same_as or same,
            stage="",
            unchanged=same.accepted,
            seconds={"land": self._spent()},
            **{name: getattr(same, name) for name in copied},
        )
        return True

    # -- Land ----------------------------------------------------------------------------------------------------------

    def _land(self, path: Path) -> tuple[Path, Examined]:
        """Examine the file and put it into the raw zone as it came; a bad one too, for who has to find out why.

        Gives the file to read, which is unpacked, and what is in it.
        """
        about = {
            "feed": self._run.feed_id,
            "source": self._adapter.source,
            "location": self._run.location,
            "run": self._run.pk,
            "arrived": datetime.now(UTC).isoformat(),
        }
        _warm_up()
        with ThreadPoolExecutor(1) as beside:  # it is kept whatever is found in it
            keeping = beside.submit(self._send, path)
            try:
                plain, examined = self._examine(path)
            except (BadFile, BadArchive) as problem:
                self._keep(path, keeping.result(), about | {"problem": str(problem)})
                raise
            self._keep(path, keeping.result(), about | {"rows": examined.rows})
        self._seconds["land"] = self._spent()
        return plain, examined

    def _send(self, path: Path) -> tuple[str, list[dict[str, Any]]]:
        """Bring the file to the raw zone, unless it is an upload that is there already; says where to, and what."""
        if self._run.location.startswith(f"{self._lake.location(Zone.RAW)}/"):
            return "", []
        prefix = f"{Zone.RAW}/{self._run.feed_id}/{datetime.now(UTC):%Y-%m-%d}/{self._run.pk}"
        return prefix, self._lake.send(prefix, {path.name: path})

    def _keep(self, path: Path, kept: tuple[str, list[dict[str, Any]]], about: dict[str, Any]) -> None:
        prefix, sent = kept
        if not prefix:
            self._enter(Stage.LAND, raw_location=self._run.location)
            return
        self._lake.complete(prefix, sent, about)
        self._enter(Stage.LAND, raw_location=self._lake.location(f"{prefix}/{path.name}"))

    def _examine(self, path: Path) -> tuple[Path, Examined]:
        unpacked = unpack(path, self._adapter.format.kind, self._folder / "unpacked")
        plain, self._adapter = readable(unpacked, self._adapter, self._folder / "utf8")
        size, told = plain.stat().st_size, 0

        def progress(done: int) -> None:
            nonlocal told
            if done - told >= size // 20:
                told = done
                note_progress(run=self._run, done=done, total=size)
                self._check()

        return plain, examine(plain, self._adapter, progress)

    # -- Map, validate, curate -----------------------------------------------------------------------------------------

    def _transform(self, path: Path, examined: Examined) -> None:
        """Map and judge the rows, and register those that are taken; what can be done at one time is."""
        spark = session(spark_options())
        source = Source(path, tuple(examined.columns), examined.named, tuple(examined.chunks))
        about = {"columns": examined.columns, "adapter_version": self._version}
        self._enter(Stage.MAP, spark_ui=spark.sparkContext.uiWebUrl or "", **about)
        with self._timed(Stage.MAP):
            landed = job.map_rows(spark, self._adapter, source, self._work)
        self._enter(Stage.VALIDATE, landed=landed)
        with ThreadPoolExecutor(1) as beside:  # Spark and the lake do not wait for the database, nor it for them
            with self._timed(Stage.VALIDATE):
                judging = beside.submit(job.judge, spark, self._adapter, self._work, landed)
                staged = self._stage()
                outcome = self._judged(judging)
            counts = {name: getattr(outcome, name) for name in ("landed", "accepted", "quarantined")}
            self._enter(Stage.CURATE, **counts, **sets_of_run.places(self._lake, self._run, outcome))
            self._clock = time.perf_counter()
            curating = beside.submit(self._curate, spark, source, outcome)
            self._enter(Stage.REGISTER)
            self._register(curating.result, outcome if staged else None)

    def _stage(self) -> bool:
        """Bring the rows to the database before it is known which are taken; says whether that was done.

        Of an event stream not: whose its rows are, and in which order they come, is seen of all of them together.
        """
        if self._adapter.format.kind is Kind.JSON_LINES:
            return False
        batches = readable_rows(self._work / STAGED, self._run.raw_location)
        stage_batches(source=self._adapter.source, batches=batches)
        return True

    def _judged(self, judging: "Future[job.Outcome]") -> job.Outcome:
        try:
            outcome = judging.result()
        except job.RunStopped as stopped:
            keep_results(run=self._run, verdicts=stopped.quality)
            raise
        self._compare(outcome)
        return outcome

    def _compare(self, outcome: job.Outcome) -> None:
        """Keep the verdicts on the rows, and on the run against those before it, which may stop it too."""
        unusual = drift_verdicts(self._run, outcome.landed)
        keep_results(run=self._run, verdicts=[*outcome.quality, *unusual])
        for verdict in unusual:
            if not verdict["passed"] and verdict["severity"] == Severity.STOP:
                raise job.RunStopped(str(verdict["says"]), outcome.quality)

    def _curate(self, spark: SparkSession, source: Source, outcome: job.Outcome) -> None:
        """Put the rows into the zones that the run names. Until they are whole, who takes the run up maps anew."""
        with self._timed(Stage.CURATE):
            job.part(spark, self._adapter, source, self._work, outcome)
            sets_of_run.publish(self._lake, self._run, self._work, outcome)
        self._beside = self._seconds[Stage.CURATE]

    # -- Register ------------------------------------------------------------------------------------------------------

    def _register(self, curated: Callable[[], None], staged: job.Outcome | None = None) -> None:
        """Source records, rejected rows and the run's success in one transaction, of rows that are `curated`.

        Rows that have been `staged` need not wait for that, but where what they leave out is withdrawn.
        """
        run = self._run
        full = run.load_type == LoadType.FULL
        with transaction.atomic():
            if full or staged is None:
                curated()
            missing = withdraw_left_out(run, self._work) if full else 0
            counts = dict.fromkeys(("created", "updated", "unchanged", "late", "withdrawn"), 0)
            for registered in self._registered(staged):
                for name in counts:
                    counts[name] += getattr(registered, name)
            curated()
            if run.quarantined:
                keep_rejects(run=run, rejects=rejected_rows(run, self._work / REJECTED_ROWS))
            supersede_rejects(run=run, source=self._adapter.source)
            self._check()
            self._seconds[Stage.REGISTER] = round(self._spent() - self._beside, 3)
            counts["withdrawn"] += missing
            finish_run(run=run, stage="", seconds=self._seconds, missing=missing, **counts)

    def _registered(self, staged: job.Outcome | None) -> Iterator[Registered]:
        actor, landed_at = f"feed:{self._run.feed_id}", self._run.raw_location
        if staged:
            aside = [place(landed_at, line) for line in staged.rejected]
            yield register_staged(source=self._adapter.source, without=aside, actor=actor)
            return
        for source, batches in records_by_source(self._work / CURATED_ROWS, self._adapter, landed_at):
            yield register_batches(source=source, batches=batches, actor=actor)

    def _enter(self, stage: str, **found: Any) -> None:
        self._check()
        enter_stage(run=self._run, stage=stage, seconds=self._seconds, **found)
        self._watch(self._run)

    @contextmanager
    def _timed(self, stage: Stage) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self._seconds[stage] = round(time.perf_counter() - began, 3)

    def _spent(self) -> float:
        return round(time.perf_counter() - self._clock, 3)


def _curated_before() -> None:
    """Nothing is left to wait for."""


def _warm_up() -> None:
    """What takes seconds and little of Python's time begins while the file is landed: Spark, Great Expectations."""
    for start in (_warm_spark, lambda: importlib.import_module("great_expectations.expectations")):
        threading.Thread(target=start, daemon=True).start()


def _warm_spark() -> None:
    with suppress(Exception):  # what is wrong is told where Spark is needed
        job.warm_up(session(spark_options()))


def _version(adapter: Adapter) -> str:
    """Tells two states of an adapter apart, so that a changed one loads an unchanged file again."""
    return hashlib.sha256(repr(adapter).encode()).hexdigest()
