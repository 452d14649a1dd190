"""Pins: a value that wins, a statement that is not heard; with a preview, only on the version that the caller saw."""

from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from party_hub import queries
from party_hub.actions.decide import Act
from party_hub.actions.forbid_value import Statement
from party_hub.actions.pin_value import unpin_value
from party_hub.actions.pins import end_pin
from party_hub.api.conditions import versions_seen
from party_hub.api.openapi import list_of
from party_hub.api.permissions import actor_of, sees_personal
from party_hub.domain.masking import is_personal
from party_hub.models import Pin as Stored
from stewardship.proposal import a_pin, a_silence

from . import act_serializers as serializers
from .acts import IF_MATCH, PREVIEW, carry_out, must_live, said_in

EXAMPLES = [
    OpenApiExample("A value wins", {"attribute": "legal_form", "value": "LLP", "reason": "Register, 3 March."}),
    OpenApiExample(
        "A source is not heard",
        {"attribute": "legal_form", "forbid": {"source": "dnb"}, "reason": "D&B confuses it with its parent."},
    ),
    OpenApiExample(
        "One value of one record is not heard",
        {
            "attribute": "phones",
            "forbid": {"record": "0b6ff2a4-6f0a-5d1a-9d3e-0f6d6c1f2a11", "value": "+442079460018"},
            "reason": "It is the landlord's.",
            "expires_at": "2027-01-01T00:00:00Z",
        },
    ),
]


def _seen(request: Request, party: UUID) -> int | None:
    seen = versions_seen(request, [party])
    return seen[party] if seen else None


def _pinned(act: Act) -> Response:
    return Response(serializers.Pin(Stored.objects.get(act=act.id)).data, status=201)


class Pins(APIView):
    """A party's pins."""

    @extend_schema(operation_id="list_pins", responses=list_of(serializers.Pin))
    def get(self, request: Request, party: UUID) -> Response:
        """The pins in force, newest first, those that came with absorbed parties included."""
        pins = queries.pins(party)
        if not sees_personal(request):
            pins = [pin for pin in pins if not is_personal(pin.attribute, pin.value)]
        return Response({"results": serializers.Pin(pins, many=True).data})

    @extend_schema(
        operation_id="pin_value",
        parameters=[PREVIEW, IF_MATCH],
        request=serializers.NewPin,
        responses={200: serializers.Preview, 201: serializers.Pin, 202: serializers.Approval},
        examples=EXAMPLES,
    )
    def post(self, request: Request, party: UUID) -> Response:
        """Pin a value or forbid a statement, or with `preview` say what that would do."""
        said = said_in(request, serializers.NewPin)
        reason, ends = said["reason"], said["expires_at"]
        if forbid := said.get("forbid"):
            proposal = a_silence(party, said["attribute"], Statement(**forbid), reason, ends)
        else:
            proposal = a_pin(party, said["attribute"], said["value"], reason, ends)
        return carry_out(request, proposal, _pinned)


class Pin(APIView):
    """The pin that sets an attribute."""

    @extend_schema(operation_id="unpin_value", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, party: UUID, attribute: str) -> Response:
        """End the pin; the rule decides again."""
        must_live([party])
        unpin_value(party=party, attribute=attribute, actor=actor_of(request), version=_seen(request, party))
        return Response(status=204)


class NumberedPin(APIView):
    """One pin by its number."""

    @extend_schema(operation_id="end_pin", parameters=[IF_MATCH], responses={204: None})
    def delete(self, request: Request, party: UUID, number: int) -> Response:
        """End the pin: the rule decides again, or the statement is heard again."""
        must_live([party])
        end_pin(party=party, pin=number, actor=actor_of(request), version=_seen(request, party))
        return Response(status=204)
