"""What lead stewards and administrators keep: reason codes, assignment rules, saved views of the queue."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from party_hub.models.decision import JUDGEMENTS
from party_hub.models.reference import PARTY_TYPES, SourceSystem


class ReasonCode(models.Model):
    """A ready-made reason for a judgement, so that reasons can be counted."""

    code = models.SlugField(primary_key=True, max_length=40)
    label = models.CharField(max_length=120)
    judgement = models.CharField(max_length=10, choices=JUDGEMENTS)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["judgement", "position", "code"]
        constraints = [
            models.CheckConstraint(
                name="reason_code_known_judgement", condition=Q(judgement__in=[value for value, _ in JUDGEMENTS])
            ),
        ]

    def __str__(self) -> str:
        return self.label


class AssignmentRule(models.Model):
    """Who gets a new task, and by when it is to be answered. The first rule that fits counts; empty means any."""

    position = models.PositiveSmallIntegerField(unique=True, help_text="The lowest that fits counts.")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, blank=True)
    party_type = models.CharField(max_length=20, choices=PARTY_TYPES, blank=True)
    country = models.CharField(max_length=2, blank=True)
    source = models.ForeignKey(SourceSystem, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    least_priority = models.PositiveSmallIntegerField(default=0)
    team = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_hours = models.PositiveIntegerField(null=True, blank=True, help_text="Hours from when the task is raised.")
    active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                name="assignment_rule_gives_time", condition=Q(due_hours__isnull=True) | Q(due_hours__gt=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SavedView(models.Model):
    """Filters of the queue under a name; shared ones are offered to everybody."""

    name = models.CharField(max_length=60)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    filters = models.JSONField()
    shared = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(name="saved_view_once_a_name", fields=["owner", "name"]),
            models.CheckConstraint(name="saved_view_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name
