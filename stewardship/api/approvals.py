"""Proposals over REST: list, look, approve, reject, withdraw. The same actions as the pages call."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from party_hub.api.conditions import versions_seen
from party_hub.api.openapi import page_of
from party_hub.api.pagination import limit_of, next_url
from party_hub.domain.roles import Act
from stewardship.actions.approve import approve, reject, withdraw
from stewardship.models import Approval as Stored
from stewardship.models import ApprovalState
from stewardship.queries import approvals as queries

from . import act_serializers as serializers
from .acts import IF_MATCH, approval_said, done, who

STATES = ["", *ApprovalState.values, "all"]


def _one(pk: int) -> Stored:
    return get_object_or_404(Stored.objects.select_related("proposed_by", "decided_by"), pk=pk)


def _note(request: Request) -> str:
    said = serializers.Verdict(data=request.data)
    said.is_valid(raise_exception=True)
    note: str = said.validated_data["note"]
    return note


class Approvals(APIView):
    """Proposals."""

    @extend_schema(
        operation_id="list_approvals",
        parameters=[
            OpenApiParameter("state", enum=STATES, description="Empty: those that wait."),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=page_of(serializers.Approval),
    )
    def get(self, request: Request) -> Response:
        """A page of proposals, newest first."""
        state, cursor = request.query_params.get("state", ""), request.query_params.get("cursor", "")
        if state not in STATES:
            raise ValidationError({"state": f"must be one of {', '.join(STATES[1:])}"})
        if cursor and not cursor.isdecimal():
            raise ValidationError({"cursor": "the cursor cannot be read"})
        size = limit_of(request)
        rows = queries.page(state=state, before=int(cursor) if cursor else None, size=size)
        following = str(rows[size - 1].pk) if len(rows) > size else None
        found = [approval_said(request, row) for row in rows[:size]]
        return Response({"next": next_url(request, following), "results": found})


class Approval(APIView):
    """One proposal."""

    @extend_schema(operation_id="get_approval", responses=serializers.Approval)
    def get(self, request: Request, pk: int) -> Response:
        """What was proposed, and how it ended."""
        return Response(approval_said(request, _one(pk)))


class Approve(APIView):
    """Yes."""

    act = Act.APPROVE

    @extend_schema(
        operation_id="approve", parameters=[IF_MATCH], request=serializers.Verdict, responses=serializers.Done
    )
    def post(self, request: Request, pk: int) -> Response:
        """Do what was proposed. 409 for one's own, or one that no longer waits."""
        found = _one(pk)
        seen = versions_seen(request, list(found.parties))
        return done(approve(approval=found, user=who(request), versions=seen, note=_note(request)))


class Reject(APIView):
    """No."""

    act = Act.APPROVE

    @extend_schema(operation_id="reject", request=serializers.Verdict, responses=serializers.Approval)
    def post(self, request: Request, pk: int) -> Response:
        """Reject it, with a note that says why."""
        reject(approval=_one(pk), user=who(request), note=_note(request))
        return Response(approval_said(request, _one(pk)))


class Withdraw(APIView):
    """Never mind."""

    @extend_schema(operation_id="withdraw", request=None, responses=serializers.Approval)
    def post(self, request: Request, pk: int) -> Response:
        """Take one's own proposal back."""
        withdraw(approval=_one(pk), user=who(request))
        return Response(approval_said(request, _one(pk)))
