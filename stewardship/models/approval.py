"""Four eyes: acts that one person proposes and another approves, and from which size on that is asked for."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class ActKind(models.TextChoices):
    """Acts that may need a second pair of eyes."""

    MERGE = "merge", _("Merge parties")
    SPLIT = "split", _("Split a party")
    MOVE = "move", _("Move records")
    RETIRE = "retire", _("Retire a party")
    RULES = "rules", _("Change survivorship rules")
    PIN = "pin", _("Pin a value or silence a source")


class Measure(models.TextChoices):
    """What makes an act weighty."""

    RECORDS = "records", _("Source records touched")
    PARTIES = "parties", _("Parties at once")
    IDENTIFIERS = "identifiers", _("Identifiers that contradict each other")
    RELATIONSHIPS = "relationships", _("Relationships of the parties")
    PINNED_IDENTIFIER = "pinned_identifier", _("Pins on identifiers")
    ALWAYS = "always", _("Always, whatever its size")


class ApprovalState(models.TextChoices):
    """Where a proposal stands. A waiting one past its `expires_at` counts as expired."""

    WAITING = "waiting", _("Waiting")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class ApprovalLevel(models.Model):
    """From which size on an act needs approval: reference data. `act` empty is every act; a level of its own goes
    before that.
    """

    act = models.CharField(max_length=20, choices=ActKind.choices, blank=True, help_text="Empty: every act.")
    measure = models.CharField(max_length=20, choices=Measure.choices)
    at_least = models.PositiveIntegerField(default=1, help_text="Approval is needed from this number on.")
    active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["act", "measure"]
        constraints = [
            models.UniqueConstraint(name="approval_level_once", fields=["act", "measure"]),
            models.CheckConstraint(name="approval_level_known_measure", condition=Q(measure__in=Measure.values)),
            models.CheckConstraint(name="approval_level_known_act", condition=Q(act__in=["", *ActKind.values])),
            models.CheckConstraint(name="approval_level_from_1", condition=Q(at_least__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()}: {self.at_least}"


class Approval(models.Model):
    """An act that waits for, or has had, a second pair of eyes.

    `arguments` is what the act takes beside its `parties`; `versions` are the parties' when it was proposed, in their
    order; `foreseen` is a digest of the outcome that the proposer saw; `risks` says which levels it reached. `act` is
    what was done once it was approved. The database sees to it that nobody approves or rejects what they proposed
    themselves, that nothing is approved too late, and that what was decided stays as it is.
    """

    kind = models.CharField(max_length=20, choices=ActKind.choices)
    parties = ArrayField(models.UUIDField())
    versions = ArrayField(models.PositiveIntegerField())
    arguments = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64, help_text="Of kind, parties and arguments.")
    foreseen = models.CharField(max_length=64)
    risks = models.JSONField(default=list)
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")
    proposed_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ApprovalState.choices, default=ApprovalState.WAITING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    act = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="approval_waiting", fields=["expires_at"], condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                name="approval_one_waiting_for_the_same", fields=["fingerprint"], condition=Q(state="waiting")
            ),
            models.CheckConstraint(name="approval_known_kind", condition=Q(kind__in=ActKind.values)),
            models.CheckConstraint(name="approval_known_state", condition=Q(state__in=ApprovalState.values)),
            models.CheckConstraint(name="approval_has_reason", condition=~Q(reason="")),
            models.CheckConstraint(name="approval_ends_after_it_begins", condition=Q(expires_at__gt=F("proposed_at"))),
            models.CheckConstraint(
                name="approval_by_somebody_else",
                condition=~Q(state__in=["approved", "rejected"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("proposed_by"))),
            ),
            models.CheckConstraint(
                name="approval_in_time_with_its_act",
                condition=~Q(state="approved") | Q(act__isnull=False, decided_at__lt=F("expires_at")),
            ),
            models.CheckConstraint(
                name="approval_waiting_is_undecided",
                condition=~Q(state="waiting") | Q(decided_by__isnull=True, decided_at__isnull=True, act__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def waits(self) -> bool:
        """Whether it can still be approved."""
        return self.state == ApprovalState.WAITING and self.expires_at > timezone.now()
