"""Search before create, and source records one by one. Each view parses, makes one call, renders."""

from dataclasses import asdict
from math import isfinite
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers as drf
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from matching.actions.label_pairs import label_pair
from matching.actions.submit_record import submit_record
from matching.how import how_together
from matching.intake import BadAttributes, canonical_attributes
from matching.labelling import labels_of
from matching.queries import candidates_for, explain_pair, record_to_withdraw
from party_hub.actions.errors import NotFound
from party_hub.api.openapi import page_of
from party_hub.api.pagination import KeysetPagination
from party_hub.api.permissions import actor_of
from party_hub.domain.judgement import Judgement
from party_hub.domain.roles import Act
from party_hub.models import SourceRecord

from . import serializers
from .idempotency import once

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Repeats get the first answer."
)


def _said(request: Request, serializer: type[drf.Serializer[Any]]) -> dict[str, Any]:
    asked = serializer(data=request.data)
    asked.is_valid(raise_exception=True)
    data: dict[str, Any] = asked.validated_data
    return data


def _submit(request: Request, **said: Any) -> Response:
    try:
        submitted = submit_record(**said, actor=actor_of(request))
    except BadAttributes as bad:
        raise drf.ValidationError(bad.problems) from bad
    status = 201 if submitted.outcome == "created" else 200
    return Response(serializers.SubmittedShown(submitted).data, status=status)


class Match(APIView):
    """Who may this be? Candidates with probability, grade and reasons. Writes nothing."""

    only_reads = True

    @extend_schema(request=serializers.Question, responses=serializers.Candidates)
    def post(self, request: Request) -> Response:
        """Search before create."""
        said = _said(request, serializers.Question)
        try:
            attributes, unread = canonical_attributes(said["attributes"], said["party_type"])
        except BadAttributes as bad:
            raise drf.ValidationError(bad.problems) from bad
        found = candidates_for(said["party_type"], attributes, said["limit"])
        return Response(serializers.Candidates({"candidates": found, "unread": unread}).data)


class Explain(APIView):
    """Why do these two records match, or why not?"""

    @extend_schema(parameters=[serializers.PairAsked], responses=serializers.ExplanationShown)
    def get(self, request: Request) -> Response:
        """The score under the active model, taken apart."""
        asked = serializers.PairAsked(data=request.query_params)
        asked.is_valid(raise_exception=True)
        try:
            explained = asdict(explain_pair(**asked.validated_data))
        except SourceRecord.DoesNotExist:
            raise NotFound("There is no such source record.") from None
        if not isfinite(explained["total"]):
            explained |= {"prior": None, "total": None}
        return Response(serializers.ExplanationShown(explained).data)


class How(APIView):
    """How did the records of this party come together?"""

    @extend_schema(responses=serializers.Joins)
    def get(self, request: Request, party: UUID) -> Response:
        """The joins in their order."""
        return Response(serializers.Joins({"steps": how_together(party)}).data)


class Labels(APIView):
    """One's own answers to pairs. Nobody sees another's here, so that second readings stay blind."""

    act = Act.DECIDE

    @extend_schema(
        operation_id="list_labels",
        parameters=[OpenApiParameter("limit", int), OpenApiParameter("cursor", str)],
        responses=page_of(serializers.LabelShown),
    )
    def get(self, request: Request) -> Response:
        """One's live labels, the oldest first."""
        pages = KeysetPagination()
        found = pages.paginate_queryset(labels_of(actor_of(request)).order_by(), request) or []
        return pages.get_paginated_response(serializers.LabelShown(found, many=True).data)

    @extend_schema(request=serializers.LabelGiven, responses={201: serializers.LabelShown})
    def post(self, request: Request) -> Response:
        """Answer a pair of source records, or correct one's answer. It teaches the matcher and merges nothing."""
        said = _said(request, serializers.LabelGiven)
        said["verdict"] = Judgement(said["verdict"])
        label = label_pair(**said, actor=actor_of(request))
        return Response(serializers.LabelShown(label).data, status=201)


class Records(APIView):
    """Source records in."""

    act = Act.LOAD

    @extend_schema(request=serializers.NewRecord, responses={201: serializers.SubmittedShown}, parameters=[IDEMPOTENCY])
    def post(self, request: Request) -> Response:
        """Take one source record in and resolve it at once."""
        said = _said(request, serializers.NewRecord)
        return once(request, lambda: _submit(request, **said))


class Record(APIView):
    """One source record under its source's key."""

    act = Act.LOAD

    @extend_schema(request=serializers.RecordBody, responses=serializers.SubmittedShown)
    def put(self, request: Request, source: str, key: str) -> Response:
        """Create or replace the record."""
        said = _said(request, serializers.RecordBody)
        return _submit(request, source=source, key=key, **said)

    @extend_schema(request=None, responses=serializers.SubmittedShown)
    def delete(self, request: Request, source: str, key: str) -> Response:
        """Withdraw the record: its source no longer says anything of it."""
        known = record_to_withdraw(source, key)
        nothing: dict[str, Any] = {"party_type": known.party_type, "attributes": {}, "effective_at": None}
        return _submit(request, source=source, key=key, **nothing, withdrawn=True)
