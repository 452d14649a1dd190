"""What the matcher works with: models, runs, candidate pairs, the key index. All but models is derived."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from simple_history.models import HistoricalRecords

from party_hub.models import SourceRecord

if TYPE_CHECKING:
    _Float = models.FloatField[float, float]
else:
    _Float = models.FloatField


class RealField(_Float):
    """A float of four bytes: contributions are kept by the million and shown with two decimals."""

    def db_type(self, connection: Any) -> str:
        return "real"


class MatchModel(models.Model):
    """A version of the match model: the engine's artefact, gzipped. At most one is active."""

    version = models.CharField(max_length=64, unique=True)
    artefact = models.BinaryField(editable=False)
    trained = models.JSONField(default=dict, help_text="How it was made: data, labels, command.")
    thresholds = models.JSONField(default=dict, help_text="Log-odds by kind: automatic, review, match.")
    impact = models.JSONField(
        default=dict, blank=True, help_text="What putting it in force would change, and when that was seen."
    )
    active = models.BooleanField(default=False)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField(db_default=Now())
    activated_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["artefact"])

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint(name="match_model_one_active", fields=["active"], condition=Q(active=True)),
            models.CheckConstraint(name="match_model_has_version", condition=~Q(version="")),
        ]

    def __str__(self) -> str:
        return self.version


class MatchRun(models.Model):
    """One run of the matcher over waiting records, all records, or a few."""

    class Kind(models.TextChoices):
        FULL = "full", "All records"
        INCREMENTAL = "incremental", "Waiting records"
        RECORDS = "records", "A few records"

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    runner = models.CharField(max_length=8, default="local")
    model_version = models.CharField(max_length=64)
    records = models.PositiveIntegerField(default=0)
    pairs = models.PositiveBigIntegerField(default=0, help_text="Pairs compared.")
    automatic = models.PositiveIntegerField(default=0)
    suggested = models.PositiveIntegerField(default=0)
    clusters_changed = models.PositiveIntegerField(default=0)
    seconds = models.JSONField(default=dict, help_text="By stage.")
    error = models.TextField(blank=True)
    started_by = models.CharField(max_length=150)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-started_at"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="match_run_ends_when_not_running",
                condition=Q(state="running", finished_at__isnull=True)
                | (~Q(state="running") & Q(finished_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%Y-%m-%d %H:%M}"


class Band(models.TextChoices):
    """What becomes of a candidate pair."""

    AUTOMATIC = "automatic", "Automatic"
    REVIEW = "review", "Review"


class CandidatePair(models.Model):
    """Two records that share a key and score from the review threshold up, with the reasons. Derived.

    Without foreign keys in the database: each run replaces the pairs of its records, and to check them one by one would
    take longer than to score them.
    """

    left = models.ForeignKey(
        SourceRecord, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    right = models.ForeignKey(SourceRecord, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    kind = models.CharField(max_length=12)
    model_version = models.CharField(max_length=64)
    total = models.FloatField(help_text="Log-odds: prior plus contributions.")
    probability = models.FloatField()
    contributions = ArrayField(RealField(), help_text="Log-odds a term, in the model's order.")
    band = models.CharField(max_length=9, choices=Band.choices)

    class Meta:
        indexes: ClassVar = [models.Index(name="candidate_pair_review", fields=["-total"], condition=Q(band="review"))]
        constraints: ClassVar = [
            models.UniqueConstraint(name="candidate_pair_once", fields=["left", "right"]),
            models.CheckConstraint(name="candidate_pair_left_first", condition=Q(left__lt=F("right"))),
            models.CheckConstraint(name="candidate_pair_band_known", condition=Q(band__in=Band.values)),
            models.CheckConstraint(
                name="candidate_pair_probability", condition=Q(probability__gte=0, probability__lte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.left_id} – {self.right_id}"


class RecordKey(models.Model):
    """The key index: one row a record and blocking key. Derived.

    The database keeps an index by key alone, a third the size of one by key and record: each of a record's twenty keys
    is written to another page of it. So nothing there says that a row is there once; `IndexedRecord`, which has a
    record's keys, is what comes and goes are compared with. No foreign key either: each row would be checked.
    """

    pk = models.CompositePrimaryKey("key", "record")  # to Django only: migration 0009
    key = models.BigIntegerField()
    record = models.ForeignKey(
        SourceRecord, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        indexes = [models.Index(name="record_key_by_key", fields=["key"])]

    def __str__(self) -> str:
        return f"{self.key:x}"


class ExhaustedKeyRecord(models.Model):
    """The rows of `RecordKey` whose key is exhausted, in the order of records: pairs are made of those next to each
    other. Derived.
    """

    pk = models.CompositePrimaryKey("key", "record")
    key = models.BigIntegerField()
    record = models.ForeignKey(
        SourceRecord, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    def __str__(self) -> str:
        return f"{self.key:x}"


class OverfullKey(models.Model):
    """A key that more records of the index share than its rule allows; finer ones stand in for it. Derived."""

    key = models.BigIntegerField(primary_key=True)
    cap = models.SmallIntegerField(help_text="So many records its rule allows.")
    exhausted = models.BooleanField(default=False, help_text="It cannot be refined any further.")

    def __str__(self) -> str:
        return f"{self.key:x}"


class IndexedRecord(models.Model):
    """A record of the key index: its keys there, and its comparison form as `matching/forms.py` writes it. Derived."""

    record = models.OneToOneField(
        SourceRecord, on_delete=models.CASCADE, primary_key=True, related_name="+", db_constraint=False
    )
    kind = models.CharField(max_length=20)
    forms = models.TextField()
    keys = ArrayField(models.BigIntegerField())

    def __str__(self) -> str:
        return str(self.record_id)
