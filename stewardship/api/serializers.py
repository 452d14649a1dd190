"""How review tasks look in JSON."""

from typing import Any

from rest_framework import serializers

from party_hub.domain.judgement import Judgement
from stewardship.models import NOTED, PinAnswer, ReasonCode, TaskKind, TaskState
from stewardship.queries.queue import DUE, SORTS


class TaskParty(serializers.Serializer[Any]):
    """One of the two parties of a task, with the record that raises the question."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    party_type = serializers.CharField()
    record = serializers.UUIDField(allow_null=True)


class LeiNews(serializers.Serializer[Any]):
    """What the register says of an LEI, as the task's page says it."""

    lei = serializers.CharField()
    says = serializers.CharField()


class Task(serializers.Serializer[Any]):
    """One question for a steward: are these two parties the same? Or, of the party `a`: does its `pin` still hold, or
    what is to become of its LEI, of which there is `news`?
    """

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=TaskKind.choices)
    state = serializers.ChoiceField(choices=TaskState.choices)
    probability = serializers.FloatField(allow_null=True)
    priority = serializers.IntegerField()
    a = TaskParty()
    b = TaskParty(allow_null=True)
    pin = serializers.IntegerField(source="pin_id", allow_null=True)
    news = LeiNews(many=True)
    claimed_by = serializers.CharField(allow_null=True)
    claimed_until = serializers.DateTimeField(allow_null=True)
    assigned_to = serializers.CharField(allow_null=True)
    team = serializers.CharField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    waiting_until = serializers.DateTimeField(allow_null=True)
    first_reader = serializers.CharField(allow_null=True, help_text="Who could not tell; somebody else is to read it.")
    judgement = serializers.CharField()
    reason = serializers.CharField()
    act = serializers.UUIDField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class TaskDetail(Task):
    """A question as its page tells it."""

    opposed = serializers.ListField(
        child=serializers.CharField(),
        help_text="Of a conflict: the decisions that cannot all hold, each in a sentence; none where a link is held.",
    )


class TaskFilter(serializers.Serializer[Any]):
    """Which tasks to list."""

    state = serializers.ChoiceField(choices=TaskState.choices, required=False)
    kind = serializers.ChoiceField(choices=TaskKind.choices, required=False)
    party_type = serializers.CharField(required=False)
    source = serializers.CharField(required=False)  # type: ignore[assignment]
    q = serializers.CharField(required=False, help_text="A name, or a task's number.")
    whose = serializers.ChoiceField(choices=["mine", "team", "unassigned", "waiting"], required=False)
    due = serializers.ChoiceField(choices=sorted(DUE), required=False)
    sort = serializers.ChoiceField(choices=sorted(SORTS), required=False)
    mine = serializers.BooleanField(required=False, default=False)


class Decision(serializers.Serializer[Any]):
    """The answer to a task."""

    judgement = serializers.ChoiceField(
        choices=[*(judgement.value for judgement in Judgement), *PinAnswer.values, NOTED]
    )
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2_000)
    code = serializers.PrimaryKeyRelatedField(
        queryset=ReasonCode.objects.filter(active=True), required=False, allow_null=True, default=None
    )
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="Until when a pin is renewed; null: further notice."
    )
    left_out = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        default=list,
        help_text="Records that belong to neither party: a match merges the rest without them.",
    )


class NewComment(serializers.Serializer[Any]):
    """A note on a task."""

    text = serializers.CharField(max_length=5_000)


class Comment(serializers.Serializer[Any]):
    """A note as it was written."""

    id = serializers.IntegerField()
    author = serializers.CharField(source="author.username")
    text = serializers.CharField()
    created_at = serializers.DateTimeField()
