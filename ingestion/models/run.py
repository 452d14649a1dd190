"""Runs: one load of one file each. Written by `ingestion.actions` alone."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from .feed import Feed, LoadType


class RunState(models.TextChoices):
    """What becomes of a run."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Stage(models.TextChoices):
    """What a run does, in order."""

    LAND = "land", "Land the file in the raw zone and examine it"
    MAP = "map", "Read, clean and map its rows"
    VALIDATE = "validate", "Check the rules"
    CURATE = "curate", "Write the curated zone"
    REGISTER = "register", "Register the source records"


LIVE = (RunState.QUEUED, RunState.RUNNING)
OVER = (RunState.SUCCEEDED, RunState.FAILED, RunState.CANCELLED)


class FeedRun(models.Model):
    """One load of one file. When it has succeeded, `landed = accepted + quarantined`, and the other counts split what
    was accepted and what a full file left out: `accepted + missing = created + updated + unchanged + late + withdrawn`.

    `done` of `total` is how far the present stage is, in bytes (land) or rows; `same_as` is the run whose file
    this one repeats.
    """

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    stage = models.CharField(max_length=10, choices=Stage.choices, blank=True)
    location = models.CharField(max_length=400)
    file_version = models.CharField(max_length=64, blank=True, help_text="Which version of a file that arrived.")
    checksum = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    bytes = models.PositiveBigIntegerField(default=0)
    adapter_version = models.CharField(max_length=64, blank=True)
    raw_location = models.CharField(max_length=400, blank=True)
    columns = models.JSONField(default=list, help_text="The file's own columns, in order.")
    curated_location = models.CharField(max_length=400, blank=True)
    quarantine_location = models.CharField(max_length=400, blank=True)
    load_type = models.CharField(max_length=5, choices=LoadType.choices, default=LoadType.DELTA)
    as_of = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When a full file spoke: its newest row's moment, else when it was asked for.",
    )
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="repeats")
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    landed = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    quarantined = models.PositiveIntegerField(default=0)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    withdrawn = models.PositiveIntegerField(default=0)
    missing = models.PositiveIntegerField(
        default=0, help_text="Of those withdrawn, how many a full file no longer held."
    )
    held = models.BooleanField(
        default=False, help_text="It has stopped until somebody confirms what it would withdraw."
    )
    confirmed_by = models.CharField(max_length=150, blank=True, help_text="Who said that what is missing is to go.")
    seconds = models.JSONField(default=dict, help_text="Seconds by stage.")
    error = models.TextField(blank=True)
    requested_by = models.CharField(max_length=150)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker has taken it up.")
    cancelled_by = models.CharField(max_length=150, blank=True, help_text="Who asked for it to stop.")
    task_id = models.CharField(max_length=64, blank=True)
    spark_ui = models.CharField(max_length=200, blank=True, help_text="Where Spark shows this run while it works.")
    requested_at = models.DateTimeField(db_default=Now())
    handed_over_at = models.DateTimeField(db_default=Now(), help_text="When the worker was last told of it.")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                name="feed_run_one_running_per_feed", fields=["feed"], condition=Q(state=RunState.RUNNING)
            ),
            models.CheckConstraint(name="feed_run_known_state", condition=Q(state__in=RunState.values)),
            models.CheckConstraint(
                name="feed_run_nothing_lost",
                condition=~Q(state=RunState.SUCCEEDED)
                | Q(
                    landed=F("accepted") + F("quarantined"),
                    accepted=F("created") + F("updated") + F("unchanged") + F("late") + F("withdrawn") - F("missing"),
                ),
            ),
            models.UniqueConstraint(
                name="feed_run_once_per_version",
                fields=["feed", "location", "file_version"],
                condition=~Q(file_version=""),
            ),
            models.CheckConstraint(name="feed_run_known_load_type", condition=Q(load_type__in=LoadType.values)),
            models.CheckConstraint(name="feed_run_held_has_failed", condition=Q(held=False) | Q(state=RunState.FAILED)),
            models.CheckConstraint(
                name="feed_run_missing_in_full_files", condition=Q(missing=0) | Q(load_type=LoadType.FULL)
            ),
            models.CheckConstraint(
                name="feed_run_over_has_finish", condition=Q(state__in=LIVE) | Q(finished_at__isnull=False)
            ),
            models.CheckConstraint(name="feed_run_failed_says_why", condition=~Q(state=RunState.FAILED) | ~Q(error="")),
            models.CheckConstraint(
                name="feed_run_cancelled_says_who", condition=~Q(state=RunState.CANCELLED) | ~Q(cancelled_by="")
            ),
        ]
        indexes = [models.Index(name="feed_run_by_feed_and_state", fields=["feed", "state", "-id"])]

    def __str__(self) -> str:
        return f"{self.feed_id} run {self.pk}"

    @property
    def live(self) -> bool:
        """True while it waits or works."""
        return self.state in LIVE

    def counts(self) -> dict[str, Any]:
        """What `load_feed --json` reports (CONTRACTS §2)."""
        names = ("landed", "accepted", "quarantined", "unchanged", "created", "updated", "late", "withdrawn", "missing")
        return {name: getattr(self, name) for name in ("load_type", *names, "seconds")}
