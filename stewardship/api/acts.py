"""Merge, split, move, retire: with a preview, only on the version that the caller saw, and with four eyes where it is
weighty (202 and the approval).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from party_hub import queries
from party_hub.actions.decide import Act as Done
from party_hub.actions.preview import Preview
from party_hub.actions.retire_party import restore_party
from party_hub.api import masked
from party_hub.api.conditions import flag, versions_seen
from party_hub.api.errors import Gone
from party_hub.api.permissions import actor_of, sees_personal
from party_hub.domain.masking import is_personal, mask
from party_hub.queries import Lead, changes_between, profile
from stewardship.actions.approve import do_or_propose
from stewardship.actions.ask_anew import ask_anew
from stewardship.models import ActKind, Approval
from stewardship.proposal import Proposal, a_merge, a_move, a_retirement, a_split, preview

from . import act_serializers as serializers

PREVIEW = OpenApiParameter("preview", bool, description="true: say what would happen and change nothing.")
IF_MATCH = OpenApiParameter("If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="ETag seen; * for any.")


def said_in(request: Request, serializer: type[drf.Serializer[Any]]) -> dict[str, Any]:
    """What the call says, checked. Raises ValidationError."""
    asked = serializer(data=request.data)
    asked.is_valid(raise_exception=True)
    data: dict[str, Any] = asked.validated_data
    return data


def must_live(parties: list[UUID]) -> None:
    """An act on a retired id is refused with its survivor: the caller saw another party. Raises `Gone`."""
    for led in queries.whereabouts(parties).values():
        if led.lead is Lead.REDIRECTED:
            raise Gone(f"{led.asked} was retired.", survivor_id=str(led.party))
        if led.lead in (Lead.AMBIGUOUS, Lead.ERASED, Lead.GONE):
            raise Gone(f"{led.asked} is no party any more.", candidates=[str(one.id) for one in led.candidates])


def previewed(request: Request, preview: Preview) -> Response:
    """What an act would do, for this caller."""
    golden = []
    for item in preview.golden:
        now = profile(item.party) if item.party else None
        values = item.values if sees_personal(request) else mask(item.values)[0]
        changes = masked.changes(request, changes_between(now.values if now else {}, item.values))
        said: dict[str, Any] = {
            "party": item.party,
            "records": item.records,
            "party_type": item.party_type,
            "quality": item.quality,
        }
        golden.append({**said, "values": values, "changes": changes})
    whole = {"golden": golden, "retired": preview.retired, "events": preview.events, "redirects": preview.redirects}
    return Response(serializers.Preview(whole).data)


def who(request: Request) -> User:
    """Who calls."""
    assert isinstance(request.user, User)  # HubPermission lets nobody else through
    return request.user


def done(act: Done) -> Response:
    """What an act did."""
    followed = act.resolution
    said: dict[str, Any] = {
        "act": act.id,
        "created": sorted(followed.created),
        "merged": {str(retired): survivor for retired, survivor in followed.merged.items()},
        "split": sorted(followed.split),
        "updated": sorted(followed.updated),
    }
    return Response(serializers.Done(said).data)


def approval_said(request: Request, approval: Approval) -> dict[str, Any]:
    """A proposal for this caller: a personal value that it would pin is left out."""
    said = dict(serializers.Approval(approval).data)
    if approval.kind == ActKind.PIN and not sees_personal(request):
        pinned = approval.arguments
        value = pinned["forbid"]["value"] if "forbid" in pinned else pinned["value"]
        if is_personal(pinned["attribute"], value):
            said["arguments"] = {name: told for name, told in pinned.items() if name not in ("value", "forbid")}
    return said


def carry_out(request: Request, proposal: Proposal, answer: Callable[[Done], Response] = done) -> Response:
    """The preview, where that is asked for; else the `answer` to what was done, or 202 with the approval that it waits
    for.
    """
    must_live(list(proposal.parties))
    if flag(request, "preview"):
        return previewed(request, preview(proposal))
    seen = versions_seen(request, list(proposal.parties))
    outcome = do_or_propose(proposal=proposal, user=who(request), versions=seen)
    if outcome.approval is not None:
        location = request.build_absolute_uri(reverse("stewardship-api:approval", args=[outcome.approval.pk]))
        return Response(approval_said(request, outcome.approval), status=202, headers={"Location": location})
    assert outcome.act is not None  # one of the two is there
    return answer(outcome.act)


ANSWERS = {200: serializers.Done, 202: serializers.Approval}


class Merge(APIView):
    """Parties become one."""

    @extend_schema(
        operation_id="merge_parties",
        parameters=[PREVIEW, IF_MATCH],
        request=serializers.Merge,
        responses=ANSWERS,
    )
    def post(self, request: Request) -> Response:
        """Merge, or with `preview` say what merging would do. 409 where a decision keeps them apart."""
        said = said_in(request, serializers.Merge)
        return carry_out(request, a_merge(tuple(said["parties"]), said["reason"]))


class Split(APIView):
    """Records leave a party."""

    @extend_schema(
        operation_id="split_party",
        parameters=[PREVIEW, IF_MATCH],
        request=serializers.Split,
        responses=ANSWERS,
    )
    def post(self, request: Request, party: UUID) -> Response:
        """Split, or with `preview` say what splitting would do."""
        said = said_in(request, serializers.Split)
        return carry_out(request, a_split(party, said["records"], said["reason"], said["expires_at"]))


class Move(APIView):
    """Records leave a party for another."""

    @extend_schema(
        operation_id="move_records",
        parameters=[PREVIEW, IF_MATCH],
        request=serializers.Move,
        responses=ANSWERS,
    )
    def post(self, request: Request, party: UUID) -> Response:
        """Move, or with `preview` say what moving would do."""
        said = said_in(request, serializers.Move)
        return carry_out(request, a_move(party, said["records"], said["to"], said["reason"]))


class Retire(APIView):
    """A party goes out of the world."""

    @extend_schema(
        operation_id="retire_party", parameters=[PREVIEW, IF_MATCH], request=serializers.Reason, responses=ANSWERS
    )
    def post(self, request: Request, party: UUID) -> Response:
        """Retire it, or with `preview` say what that would do. Its sources do not bring it back, `restore` does."""
        return carry_out(request, a_retirement(party, said_in(request, serializers.Reason)["reason"]))


class Restore(APIView):
    """A retired party comes back."""

    @extend_schema(operation_id="restore_party", request=serializers.Reason, responses=serializers.Done)
    def post(self, request: Request, party: UUID) -> Response:
        """Bring it back, as its records stand now. 404 where no steward has retired it."""
        reason = said_in(request, serializers.Reason)["reason"]
        act = restore_party(party=party, actor=actor_of(request), reason=reason)
        ask_anew(act)
        return done(act)
