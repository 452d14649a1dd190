"""What stewards work on: review tasks, the leases that reserve them, and comments.

Tasks are derived (`actions.refresh_tasks` writes them from candidate pairs, held links and pins); what a steward
decided is a `party_hub.Decision` or a pin, and the task only remembers which act it was.
"""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from party_hub.models import Party, Pin, SourceRecord
from party_hub.models.decision import JUDGEMENTS

from .reference import ReasonCode


class TaskKind(models.TextChoices):
    """What the question is."""

    MATCH = "match", _("Possible match")
    CONFLICT = "conflict", _("Conflict with a decision")
    WEAK_CLUSTER = "weak_cluster", _("Weak cluster")
    AMBIGUOUS = "ambiguous", _("Fits two parties")
    CONTRADICTION = "contradiction", _("Contradicting identifiers")
    SOURCE_DUPLICATE = "source_duplicate", _("Duplicate within a source")
    IDENTIFIER = "identifier", _("Same identifier")
    LEI_NEWS = "lei_news", _("LEI news")
    LEI_STATUS = "lei_status", _("LEI out of order")
    PIN = "pin", _("Pin to review")


class TaskState(models.TextChoices):
    """Where a task stands."""

    OPEN = "open", _("Open")
    DONE = "done", _("Decided")  # by a steward
    DISMISSED = "dismissed", _("No longer a question")  # by the machine: the parties became one, or one is gone


class PinAnswer(models.TextChoices):
    """What a steward says to a pin that is to be looked at again."""

    KEEP = "keep", _("Keep")
    RENEW = "renew", _("Renew")
    DROP = "drop", _("Drop")


NOTED = "noted"  # a steward's answer to news


class ReviewTask(models.Model):
    """One question for a steward: are these two parties the same? `left` and `right` are the records that raise it.
    Or, of one party: does this `pin` still hold? Or: what is to become of its LEI, of which the register has `news`
    ("<LEI> <status>, …")?

    `party_a` is the smaller id of the two. `act` is the act of the decision, by which it is undone. `priority` (0–100)
    puts what matters first: see `actions.refresh_tasks`. `first_reader` could not tell, so somebody else is to read it.
    Until `waiting_until` nobody is asked. `due_at`, `team` and `assigned_to` come from the assignment rules.
    """

    kind = models.CharField(max_length=20, choices=TaskKind.choices, default=TaskKind.MATCH)
    party_a = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    party_b = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    left = models.ForeignKey(
        SourceRecord, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    right = models.ForeignKey(
        SourceRecord, on_delete=models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    pin = models.ForeignKey(Pin, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    news = models.CharField(max_length=300, blank=True, db_default="")
    probability = models.FloatField(null=True)
    priority = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=TaskState.choices, default=TaskState.OPEN)
    judgement = models.CharField(
        max_length=10, choices=[*JUDGEMENTS, *PinAnswer.choices, (NOTED, _("Noted"))], blank=True
    )
    reason = models.TextField(blank=True)
    reason_code = models.ForeignKey(ReasonCode, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    act = models.UUIDField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    first_reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    waiting_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-priority", "id"]
        indexes = [
            models.Index(name="task_open_by_priority", fields=["-priority", "id"], condition=Q(state="open")),
            models.Index(name="task_open_by_probability", fields=["-probability", "id"], condition=Q(state="open")),
            models.Index(name="task_open_by_due", fields=["due_at", "id"], condition=Q(state="open")),
            models.Index(name="task_open_by_age", fields=["created_at", "id"], condition=Q(state="open")),
            models.Index(name="task_open_of_steward", fields=["assigned_to", "-priority"], condition=Q(state="open")),
            models.Index(
                name="task_open_counts",
                fields=["kind", "probability"],
                include=["assigned_to", "team", "waiting_until", "due_at", "created_at"],
                condition=Q(state="open"),
            ),
            models.Index(name="task_by_decision", fields=["-decided_at"], condition=Q(state="done")),
            models.Index(name="task_by_act", fields=["act"], condition=Q(act__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                name="task_one_open_per_pair", fields=["party_a", "party_b", "kind"], condition=Q(state="open")
            ),
            models.UniqueConstraint(name="task_one_open_per_pin", fields=["pin"], condition=Q(state="open")),
            models.UniqueConstraint(
                name="task_one_open_about_news", fields=["party_a"], condition=Q(state="open", kind="lei_status")
            ),
            models.CheckConstraint(
                name="task_of_a_pair_a_pin_or_news",
                condition=Q(kind="pin", pin__isnull=False, party_b=None, left=None, right=None, news="")
                | (Q(kind="lei_status", pin=None, party_b=None, left=None, right=None) & ~Q(news=""))
                | (
                    ~Q(kind__in=["pin", "lei_status"])
                    & Q(pin=None, party_b__isnull=False, left__isnull=False, right__isnull=False, news="")
                ),
            ),
            models.CheckConstraint(name="task_a_before_b", condition=Q(party_a__lt=F("party_b"))),
            models.CheckConstraint(name="task_known_kind", condition=Q(kind__in=TaskKind.values)),
            models.CheckConstraint(name="task_known_state", condition=Q(state__in=TaskState.values)),
            models.CheckConstraint(
                name="task_done_by_somebody",
                condition=~Q(state="done")
                | (Q(decided_by__isnull=False, decided_at__isnull=False, act__isnull=False) & ~Q(judgement="")),
            ),
            models.CheckConstraint(
                name="task_second_reader_is_another",
                condition=Q(first_reader__isnull=True) | Q(decided_by__isnull=True) | ~Q(decided_by=F("first_reader")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.pk}"

    @property
    def question(self) -> str:
        """What the question is, in words. Django's `get_kind_display` translates every kind to find one."""
        return str(TaskKind(self.kind).label)

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """The two parties; only a task about a pin has none."""
        assert self.party_b_id is not None
        return self.party_a_id, self.party_b_id

    @property
    def evidence(self) -> tuple[UUID, UUID]:
        """The two records that raise the question; only a task about a pin has none."""
        assert self.left_id is not None
        assert self.right_id is not None
        return self.left_id, self.right_id

    @property
    def answer(self) -> str:
        """The answer in words: "match", "no match", "unsure", "keep"; empty while open."""
        return gettext(self.judgement.replace("_", " ")) if self.judgement else ""


class Lease(models.Model):
    """A steward's claim on a task. It runs out by itself: a row past `expires_at` counts for nothing.

    Opening a task takes it while one looks at it; `claimed` is one that was asked for and outlasts the look.
    """

    task = models.OneToOneField(ReviewTask, on_delete=models.CASCADE, primary_key=True, related_name="lease")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leases")
    expires_at = models.DateTimeField(db_index=True)
    claimed = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.holder} on {self.task_id}"

    @property
    def running(self) -> bool:
        """Whether it still counts."""
        return self.expires_at > timezone.now()


class Comment(models.Model):
    """What somebody noted on a task. Kept as written."""

    task = models.ForeignKey(ReviewTask, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["created_at"]
        constraints = [models.CheckConstraint(name="comment_says_something", condition=~Q(text=""))]

    def __str__(self) -> str:
        return f"{self.author} on {self.task_id}"


class Mention(models.Model):
    """Somebody named in a comment with @; unseen until that person opens the task."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="mention_unseen", fields=["user"], condition=Q(seen_at__isnull=True))]
        constraints = [models.UniqueConstraint(name="mention_once_a_comment", fields=["comment", "user"])]

    def __str__(self) -> str:
        return f"@{self.user} in {self.comment_id}"
