"""Lists by keyset: `?limit=` (at most 1,000) and the opaque `?cursor=` of `next`."""

from typing import Any
from urllib.parse import urlencode

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

LIMIT = 50
MOST = 1_000


def limit_of(request: Request, default: int = LIMIT) -> int:
    """The page size asked for. Raises `ValidationError` outside 1–1,000."""
    text = request.query_params.get("limit", str(default))
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise ValidationError({"limit": f"must be a number from 1 to {MOST}"})
    return int(text)


def next_url(request: Request, cursor: str | None) -> str | None:
    """The address of the next page: this one's, with another cursor."""
    if cursor is None:
        return None
    parameters = request.query_params.copy()
    parameters["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{urlencode(list(parameters.lists()), doseq=True)}")


class KeysetPagination(CursorPagination):
    """For lists of plain models, in the order of their keys."""

    page_size = LIMIT
    max_page_size = MOST
    page_size_query_param = "limit"
    ordering = "pk"

    def get_paginated_response(self, data: Any) -> Response:
        """The page as every list of this API looks."""
        return Response({"next": self.get_next_link(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """How OpenAPI describes a page."""
        return {
            "type": "object",
            "required": ["next", "results"],
            "properties": {
                "next": {"type": ["string", "null"], "format": "uri"},
                "results": {"type": "array", "items": schema},
            },
        }
