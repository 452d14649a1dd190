"""Tasks over REST: list, look, claim, release, decide, undo, comment. The same actions as the pages call."""

from typing import Any

from django.contrib.auth.models import User
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from party_hub.actions.errors import Conflict
from party_hub.api.openapi import page_of
from party_hub.api.pagination import limit_of, next_url
from party_hub.domain.judgement import Judgement
from party_hub.domain.roles import Act
from stewardship.actions.comment_task import comment_task
from stewardship.actions.decide_task import decide_task, undo_decision
from stewardship.actions.lease import Held, claim_task, release_task
from stewardship.actions.note_news import note_news
from stewardship.actions.review_pin import review_pin
from stewardship.models import NOTED, PinAnswer, ReviewTask
from stewardship.presentation.values import lei_news
from stewardship.queries import queue
from stewardship.queries.opposed import opposed_decisions

from . import serializers

WITH_ALL = ("party_a__golden", "party_b__golden", "lease__holder", "assigned_to", "team", "first_reader")


def _shown(task: ReviewTask) -> dict[str, Any]:
    lease = getattr(task, "lease", None)
    live = lease if lease is not None and lease.expires_at > timezone.now() else None
    plain = (
        "id", "kind", "state", "probability", "priority", "judgement", "reason", "act", "decided_at", "created_at",
        "due_at", "waiting_until", "pin_id",
    )  # fmt: skip
    sides = {"a": (task.party_a, task.left_id), "b": (task.party_b, task.right_id)}
    return {name: getattr(task, name) for name in plain} | {
        "news": [{"lei": lei, "says": says} for lei, says in lei_news(task.news)],
        "claimed_by": live.holder.username if live else None,
        "claimed_until": live.expires_at if live else None,
        **{name: str(getattr(task, name) or "") or None for name in ("assigned_to", "team", "first_reader")},
        **{side: _side(party, record) for side, (party, record) in sides.items()},
    }


def _side(party: Any, record: Any) -> dict[str, Any] | None:
    if party is None:
        return None
    name = party.golden.name if hasattr(party, "golden") else ""
    return {"id": party.id, "name": name, "party_type": party.party_type, "record": record}


def _one(pk: int) -> ReviewTask:
    return get_object_or_404(ReviewTask.objects.select_related(*WITH_ALL), pk=pk)


def _answer(pk: int, status: int = 200) -> Response:
    return Response(serializers.Task(_shown(_one(pk))).data, status=status)


def _who(request: Request) -> User:
    assert isinstance(request.user, User)  # HubPermission lets nobody else through
    return request.user


class TaskAct(APIView):
    """Something done to a task. What another steward holds is 409."""

    act = Act.DECIDE

    def handle_exception(self, exc: Exception) -> Response:
        """A claim of somebody else stands against it."""
        return super().handle_exception(Conflict(str(exc)) if isinstance(exc, Held) else exc)


class Tasks(APIView):
    """The queue."""

    @extend_schema(
        operation_id="list_tasks",
        parameters=[serializers.TaskFilter, OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=page_of(serializers.Task),
    )
    def get(self, request: Request) -> Response:
        """A page of tasks: the open ones, what matters most first, where nothing else is asked for."""
        asked = serializers.TaskFilter(data=request.query_params)
        asked.is_valid(raise_exception=True)
        cursor = request.query_params.get("cursor", "")
        page = queue.page_of(asked.validated_data, _who(request), cursor=cursor, size=limit_of(request))
        found = serializers.Task([_shown(task) for task in page.tasks], many=True).data
        return Response({"next": next_url(request, page.following or None), "results": found})


class Task(APIView):
    """One task."""

    @extend_schema(operation_id="get_task", responses=serializers.TaskDetail)
    def get(self, request: Request, pk: int) -> Response:
        """The question, who works on it, and of a conflict the decisions that contradict each other."""
        task = _one(pk)
        opposed = [decision.sentence for decision in opposed_decisions(task)]
        return Response(serializers.TaskDetail(_shown(task) | {"opposed": opposed}).data)


class Claim(TaskAct):
    """A claim."""

    @extend_schema(operation_id="claim_task", request=None, responses=serializers.Task)
    def post(self, request: Request, pk: int) -> Response:
        """Take the task for a quarter of an hour, or renew the claim."""
        claim_task(task=_one(pk), user=_who(request))
        return _answer(pk)


class Release(TaskAct):
    """A claim's end."""

    @extend_schema(operation_id="release_task", request=None, responses=serializers.Task)
    def post(self, request: Request, pk: int) -> Response:
        """Give one's claim back."""
        release_task(task=_one(pk), user=_who(request))
        return _answer(pk)


class Decide(TaskAct):
    """An answer."""

    @extend_schema(operation_id="decide_task", request=serializers.Decision, responses=serializers.Task)
    def post(self, request: Request, pk: int) -> Response:
        """Match, no match or unsure; of a pin keep, renew or drop; of news about an LEI noted, with the reason."""
        said = serializers.Decision(data=request.data)
        said.is_valid(raise_exception=True)
        answer = said.validated_data
        if answer["judgement"] == NOTED:
            note_news(task=_one(pk), user=_who(request), reason=answer["reason"])
            return _answer(pk)
        if answer["judgement"] in PinAnswer:
            review_pin(
                task=_one(pk),
                user=_who(request),
                answer=PinAnswer(answer["judgement"]),
                reason=answer["reason"],
                expires_at=answer["expires_at"],
            )
            return _answer(pk)
        decide_task(
            task=_one(pk),
            user=_who(request),
            judgement=Judgement(answer["judgement"]),
            reason=answer["reason"],
            code=answer["code"],
            left_out=answer["left_out"],
        )
        return _answer(pk)


class Undo(TaskAct):
    """The way back."""

    @extend_schema(operation_id="undo_task", request=None, responses=serializers.Task)
    def post(self, request: Request, pk: int) -> Response:
        """Take the answer back."""
        undo_decision(task=_one(pk), user=_who(request))
        return _answer(pk)


class Comment(TaskAct):
    """A note."""

    @extend_schema(operation_id="comment_task", request=serializers.NewComment, responses={201: serializers.Comment})
    def post(self, request: Request, pk: int) -> Response:
        """Add a note."""
        said = serializers.NewComment(data=request.data)
        said.is_valid(raise_exception=True)
        comment = comment_task(task=_one(pk), user=_who(request), text=said.validated_data["text"])
        comment.refresh_from_db()
        return Response(serializers.Comment(comment).data, status=201)
