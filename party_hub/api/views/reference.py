"""Reference data and rules, to read."""

from typing import Any

from django.db.models import Model
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from party_hub.domain.reference import ReferenceSet
from party_hub.queries.reference import as_values, attribute_definitions, model_of

from ..pagination import KeysetPagination


class Reference(APIView):
    """One set."""

    @extend_schema(
        operation_id="list_reference",
        parameters=[
            OpenApiParameter("set", str, OpenApiParameter.PATH, enum=[item.value for item in ReferenceSet]),
            OpenApiParameter("limit", int),
            OpenApiParameter("cursor", str),
        ],
        responses=OpenApiTypes.OBJECT,
    )
    def get(self, request: Request, set: str) -> Response:
        """Its rows by key."""
        if set not in list(ReferenceSet):
            raise NotFound(f"There is no reference set {set!r}: {', '.join(ReferenceSet)}.")
        if set == ReferenceSet.ATTRIBUTES:
            return Response({"next": None, "results": attribute_definitions()})
        pages = KeysetPagination()
        rows: list[Model] = pages.paginate_queryset(model_of(ReferenceSet(set))._default_manager.all(), request) or []
        said: list[dict[str, Any]] = [as_values(row) for row in rows]
        return pages.get_paginated_response(said)
