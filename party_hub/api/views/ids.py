"""Which party is this key? Where does this old id lead?"""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from party_hub import queries
from party_hub.queries import Lead

from .. import serializers


class Xref(APIView):
    """A source's key."""

    @extend_schema(operation_id="get_xref", responses=serializers.Xref)
    def get(self, request: Request, source: str, key: str) -> Response:
        """The party that the key belongs to."""
        found = queries.xref(source, key)
        if found is None:
            raise NotFound(f"The hub knows no record {key!r} of {source!r}.")
        return Response(serializers.Xref(found).data)


class ResolveIds(APIView):
    """Many questions in one call."""

    only_reads = True

    @extend_schema(operation_id="resolve_ids", request=serializers.ToResolve, responses=serializers.Resolved)
    def post(self, request: Request) -> Response:
        """Where each id and xref leads now. Two queries, whatever their number."""
        asked = serializers.ToResolve(data=request.data)
        asked.is_valid(raise_exception=True)
        said = asked.validated_data
        ids = queries.whereabouts(said["ids"]) if said["ids"] else {}
        keys = [(xref["source"], xref["key"]) for xref in said["xrefs"]]
        known = queries.xrefs(keys)
        answer = {
            "ids": [_id(ids[party]) for party in said["ids"]],
            "xrefs": [_xref(key, known.get(key)) for key in keys],
        }
        return Response(serializers.Resolved(answer).data)


def _id(led: queries.Whereabouts) -> dict[str, Any]:
    return {"id": led.asked, "lead": led.lead, "survivor_id": led.party, "candidates": led.candidates}


def _xref(key: tuple[str, str], found: queries.Xref | None) -> dict[str, Any]:
    lead = Lead.UNKNOWN if found is None else Lead.HERE if found.party else "unresolved"
    return {
        "source": key[0],
        "key": key[1],
        "record": found.record if found else None,
        "party": found.party if found else None,
        "lead": lead,
    }
