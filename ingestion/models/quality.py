"""What a feed's rules cost, and what became of them in each run."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from ingestion.mapping.adapter import Severity
from ingestion.quality.dimensions import OF_THE_RUN, STRICT, Dimension

from .feed import Feed
from .run import FeedRun

SEVERITIES = [
    (Severity.WARN.value, "Note it"),
    (Severity.QUARANTINE.value, "Quarantine the row"),
    (Severity.STOP.value, "Stop the run"),
]
DIMENSIONS = [(dimension.value, dimension.value.capitalize()) for dimension in Dimension]


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
