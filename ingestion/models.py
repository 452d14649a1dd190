"""Feeds and their runs. Runs and rejected rows are written by `ingestion.actions` alone."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from simple_history.models import HistoricalRecords

from ingestion.feeds import adapters
from ingestion.mapping.adapter import Severity
from ingestion.mapping.saved import SAVED
from ingestion.quality.dimensions import OF_THE_RUN, STRICT, Dimension
from party_hub.models import SourceSystem

SEVERITIES = [
    (Severity.WARN.value, "Note it"),
    (Severity.QUARANTINE.value, "Quarantine the row"),
    (Severity.STOP.value, "Stop the run"),
]
DIMENSIONS = [(dimension.value, dimension.value.capitalize()) for dimension in Dimension]


class Feed(models.Model):
    """A stream of files (or events) of one source system, read by one adapter of `ingestion/feeds`."""

    name = models.SlugField(primary_key=True, max_length=40)
    title = models.CharField(max_length=120)
    source = models.ForeignKey(SourceSystem, on_delete=models.PROTECT, related_name="feeds")
    adapter = models.CharField(
        max_length=40,
        help_text="The file in ingestion/feeds that says what its columns mean; “saved”: made on a page.",
    )
    location = models.CharField(
        max_length=400,
        blank=True,
        help_text="Where its file lies for a scheduled load: a path, file:// or s3:// URL. One that ends in a slash is "
        "watched: each file that arrives there is loaded. Empty: by hand only.",
    )
    expected_every_hours = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="How often a file is expected. When none has been loaded for longer, the feed counts as late.",
    )
    owner = models.CharField(max_length=120, blank=True, help_text="Whom to ask about its files.")
    active = models.BooleanField(default=True, help_text="An inactive feed is not loaded.")
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """The adapter must exist."""
        if self.adapter == SAVED and FeedMapping.objects.filter(feed=self.pk).exists():
            return
        if self.adapter not in adapters():
            raise ValidationError(
                {"adapter": f"There is no adapter {self.adapter!r}. There are {', '.join(adapters())}."}
            )


class FeedMapping(models.Model):
    """What the columns of a feed's plain CSV become, as somebody said on a page (`ingestion.mapping.saved`)."""

    feed = models.OneToOneField(Feed, on_delete=models.CASCADE, primary_key=True, related_name="mapping")
    spec = models.JSONField(help_text="Delimiter, encoding, party type, and what each column becomes.")
    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"mapping of {self.feed_id}"


class MappingDraft(models.Model):
    """A mapping in the making: the file that was sent, its first rows, and what is said of its columns so far.

    It goes when its feed is saved, or after a day: sample rows may be personal.
    """

    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now())
    feed = models.ForeignKey(
        Feed, on_delete=models.CASCADE, null=True, blank=True, help_text="Whose mapping is changed."
    )
    file = models.CharField(max_length=200)
    location = models.CharField(max_length=400)
    columns = models.JSONField()
    rows = models.JSONField()
    spec = models.JSONField()
    guesses = models.JSONField(help_text="What spoke for each column's guess.")

    def __str__(self) -> str:
        return self.file


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
    """One load of one file. `landed = accepted + quarantined` when it has succeeded; `accepted` is what the other
    counts split.

    `done` of `total` is how far the present stage is, in bytes (land) or rows; `same_as` is the run whose file
    this one repeats.
    """

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    stage = models.CharField(max_length=10, choices=Stage.choices, blank=True)
    location = models.CharField(max_length=400)
    file_version = models.CharField(max_length=64, blank=True, help_text="Time and size of a file that arrived.")
    checksum = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the file.")
    bytes = models.PositiveBigIntegerField(default=0)
    adapter_version = models.CharField(max_length=64, blank=True)
    raw_location = models.CharField(max_length=400, blank=True)
    columns = models.JSONField(default=list, help_text="The file's own columns, in order.")
    curated_location = models.CharField(max_length=400, blank=True)
    quarantine_location = models.CharField(max_length=400, blank=True)
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
                    accepted=F("created") + F("updated") + F("unchanged") + F("late") + F("withdrawn"),
                ),
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
        names = ("landed", "accepted", "quarantined", "unchanged", "created", "updated", "late", "withdrawn", "seconds")
        return {name: getattr(self, name) for name in names}


class RejectState(models.TextChoices):
    """What became of a row that was set aside. Only an open one can be fixed; none is ever removed."""

    OPEN = "open", "Open"
    REPLAYED = "replayed", "Replayed"
    SUPERSEDED = "superseded", "Sent anew"
    DISMISSED = "dismissed", "Dismissed"


class RejectedRow(models.Model):
    """A row that was set aside: where, why, and what it said. `field` is its source's word; "" is the whole row.

    `fixed` holds the columns as a steward corrected them. A row is *superseded* when its key came again in a later
    file, *dismissed* when somebody decided with a reason that it is not to come in.
    """

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="rejects")
    line = models.PositiveBigIntegerField(help_text="As a spreadsheet counts: in CSV, the header is 1.")
    key = models.CharField(max_length=200, blank=True)
    field = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    raw = models.TextField(
        help_text="The row as JSON in its own columns, or its text where it could not be taken apart."
    )
    rule = models.CharField(max_length=200, blank=True, help_text="The rule that it breaks, as `Rule.code` names it.")
    state = models.CharField(max_length=10, choices=RejectState.choices, default=RejectState.OPEN)
    fixed = models.JSONField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=150, blank=True)
    note = models.TextField(blank=True, help_text="Why it was dismissed, or what was found out.")

    class Meta:
        ordering = ["run", "line"]
        indexes = [models.Index(name="rejected_row_by_state", fields=["state", "-id"])]
        constraints = [
            models.CheckConstraint(name="rejected_row_known_state", condition=Q(state__in=RejectState.values)),
            models.CheckConstraint(
                name="rejected_row_closed_is_told",
                condition=Q(state=RejectState.OPEN, closed_at=None)
                | (~Q(state=RejectState.OPEN) & Q(closed_at__isnull=False) & ~Q(closed_by="")),
            ),
            models.CheckConstraint(
                name="rejected_row_dismissed_says_why", condition=~Q(state=RejectState.DISMISSED) | ~Q(note="")
            ),
            models.UniqueConstraint(name="rejected_row_once_per_line", fields=["run", "line"]),
            models.CheckConstraint(name="rejected_row_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line}"


class QualityRule(models.Model):
    """What breaking one rule of a feed costs. Its adapter proposes, an administrator decides.

    A row that cannot be read, or whose key is taken, cannot come in whatever anybody decides; and what is wrong with a
    file as a whole cannot set single rows aside.
    """

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="quality_rules")
    code = models.CharField(max_length=200, help_text="The column and what is asked of it.")
    says = models.CharField(max_length=400, help_text="What a steward reads where it is broken.")
    dimension = models.CharField(max_length=20, choices=DIMENSIONS)
    severity = models.CharField(
        max_length=10,
        choices=SEVERITIES,
        help_text="What happens: it is noted, the row waits in quarantine, or the run stops and nothing comes in.",
    )
    history = HistoricalRecords()

    class Meta:
        ordering = ["feed", "dimension", "code"]
        constraints = [
            models.UniqueConstraint(name="quality_rule_once_per_feed", fields=["feed", "code"]),
            models.CheckConstraint(name="quality_rule_known_severity", condition=Q(severity__in=list(Severity))),
            models.CheckConstraint(name="quality_rule_known_dimension", condition=Q(dimension__in=list(Dimension))),
            models.CheckConstraint(
                name="quality_rule_strict_stays_strict", condition=~Q(code__in=STRICT) | ~Q(severity=Severity.WARN)
            ),
            models.CheckConstraint(
                name="quality_rule_of_the_file_spares_rows",
                condition=~Q(code__in=OF_THE_RUN) | ~Q(severity=Severity.QUARANTINE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feed_id}: {self.says}"

    def clean(self) -> None:
        """Severities that the rule cannot have, said at the field: its code is not in the form that checks it."""
        if self.code in STRICT and self.severity == Severity.WARN:
            raise ValidationError({"severity": "Such a row cannot come in: quarantine it, or stop the run."})
        if self.code in OF_THE_RUN and self.severity == Severity.QUARANTINE:
            raise ValidationError({"severity": "The rule is about the whole file: note it, or stop the run."})


class QualityResult(models.Model):
    """What became of one rule in one run: rows looked at, rows that break it, whether that is within what it allows.

    `lines` are the first failing rows where they were not set aside (those are in quarantine, all of them).
    """

    run = models.ForeignKey(FeedRun, on_delete=models.CASCADE, related_name="results")
    code = models.CharField(max_length=200)
    column = models.CharField(max_length=200, blank=True)
    says = models.CharField(max_length=400)
    dimension = models.CharField(max_length=20, choices=DIMENSIONS)
    severity = models.CharField(max_length=10, choices=SEVERITIES)
    passed = models.BooleanField()
    rows = models.PositiveBigIntegerField(default=0)
    failing = models.PositiveBigIntegerField(default=0)
    lines = models.JSONField(default=list)

    class Meta:
        ordering = ["run", "dimension", "code"]
        constraints = [
            models.UniqueConstraint(name="quality_result_once_per_run", fields=["run", "code"]),
            models.CheckConstraint(name="quality_result_failing_within_rows", condition=Q(failing__lte=F("rows"))),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.code}"


class SeenEvent(models.Model):
    """An event that has been taken in, so that it changes nothing when it comes again."""

    source = models.CharField(max_length=40)
    event_id = models.CharField(max_length=200)
    seen_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(name="seen_event_once", fields=["source", "event_id"])]

    def __str__(self) -> str:
        return f"{self.source}:{self.event_id}"
