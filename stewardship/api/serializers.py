"""How review tasks look in JSON."""

from typing import Any

from rest_framework import serializers

from party_hub.domain.judgement import Judgement
from stewardship.models import TaskKind, TaskState


class TaskParty(serializers.Serializer[Any]):
    """One of the two parties of a task, with the record that raises the question."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    party_type = serializers.CharField()
    record = serializers.UUIDField()


class Task(serializers.Serializer[Any]):
    """One question for a steward: are these two parties the same?"""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=TaskKind.choices)
    state = serializers.ChoiceField(choices=TaskState.choices)
    probability = serializers.FloatField(allow_null=True)
    priority = serializers.IntegerField()
    a = TaskParty()
    b = TaskParty()
    claimed_by = serializers.CharField(allow_null=True)
    claimed_until = serializers.DateTimeField(allow_null=True)
    judgement = serializers.CharField()
    reason = serializers.CharField()
    act = serializers.UUIDField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class TaskFilter(serializers.Serializer[Any]):
    """Which tasks to list."""

    state = serializers.ChoiceField(choices=TaskState.choices, required=False)
    kind = serializers.ChoiceField(choices=TaskKind.choices, required=False)
    party_type = serializers.CharField(required=False)
    source = serializers.CharField(required=False)  # type: ignore[assignment]
    sort = serializers.ChoiceField(choices=["priority", "probability", "uncertain", "oldest"], required=False)
    mine = serializers.BooleanField(required=False, default=False)


class Decision(serializers.Serializer[Any]):
    """The answer to a task."""

    judgement = serializers.ChoiceField(choices=[judgement.value for judgement in Judgement])
    reason = serializers.CharField(required=False, allow_blank=True, default="", max_length=2_000)


class NewComment(serializers.Serializer[Any]):
    """A note on a task."""

    text = serializers.CharField(max_length=5_000)


class Comment(serializers.Serializer[Any]):
    """A note as it was written."""

    id = serializers.IntegerField()
    author = serializers.CharField(source="author.username")
    text = serializers.CharField()
    created_at = serializers.DateTimeField()
