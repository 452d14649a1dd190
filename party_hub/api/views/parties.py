"""Parties: list, profile, and what belongs to one. Old ids lead on: see `leading_to`."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from party_hub import queries
from party_hub.domain.attributes import PartyType
from party_hub.domain.identifiers import SCHEMES
from party_hub.events.envelope import envelope
from party_hub.queries import Lead, PartySearch

from .. import masked, serializers
from ..conditions import etag, flag, known_at, moment_of, not_modified
from ..errors import Gone
from ..openapi import list_of, page_of
from ..pagination import limit_of, next_url

KNOWN_AT = OpenApiParameter("known_at", str, description="As the hub knew it at this time (RFC 3339).")
REDIRECT = OpenApiParameter("redirect", bool, description="false: a retired id gives 410 with its survivor, not 308.")
PAGE = [OpenApiParameter("limit", int), OpenApiParameter("cursor", str)]


def _answers(found: Any) -> dict[int, Any]:
    """What a resource of a party may answer, beside problems."""
    return {200: found, 300: serializers.Elsewhere, 308: serializers.Elsewhere}


class Elsewhere(Exception):
    """The id leads somewhere else; `response` says where."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def leading_to(request: Request, party: UUID, route: str) -> None:
    """Returns for an id that lives. Otherwise raises `Elsewhere` (308, 300), `Gone` (410) or `NotFound`."""
    moment = known_at(request)
    led = queries.where_is(party) if moment is None else queries.where_was(party, moment)
    if led.lead is Lead.HERE:
        return
    if led.lead is Lead.REDIRECTED:
        survivor = led.candidates[0].id
        if not flag(request, "redirect", True):
            raise Gone("This id was retired.", survivor_id=str(survivor))
        rest = request.META["QUERY_STRING"]
        location = reverse(route, args=[survivor]) + (f"?{rest}" if rest else "")
        raise Elsewhere(Response(_elsewhere(led), status=308, headers={"Location": location}))
    if led.lead is Lead.AMBIGUOUS:
        raise Elsewhere(Response(_elsewhere(led), status=300))
    if led.lead in (Lead.ERASED, Lead.GONE) and moment is None:
        raise Gone("This party was erased." if led.lead is Lead.ERASED else "This id leads to no party any more.")
    if led.lead is Lead.UNKNOWN:
        raise NotFound("There is no party with this id.")


def _elsewhere(led: queries.Whereabouts) -> dict[str, Any]:
    said = {"id": led.asked, "lead": led.lead, "candidates": led.candidates}
    survivor = led.party if led.lead is Lead.REDIRECTED else None
    return dict(serializers.Elsewhere({**said, "survivor_id": survivor}).data)


class PartyResource(APIView):
    """What the resources of one party have in common."""

    route = "api:party"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """After sign-in and permission: follow the id."""
        super().initial(request, *args, **kwargs)
        leading_to(request, kwargs["party"], self.route)

    def handle_exception(self, exc: Exception) -> Response:
        """An id that leads elsewhere is an answer, not an error."""
        return exc.response if isinstance(exc, Elsewhere) else super().handle_exception(exc)


class Parties(APIView):
    """Find parties."""

    @extend_schema(
        operation_id="list_parties",
        parameters=[
            OpenApiParameter("q", str, description="A name, as misspelt as people write it, an identifier or an id."),
            OpenApiParameter("party_type", str, enum=[kind.value for kind in PartyType]),
            OpenApiParameter("country", str, description="ISO 3166-1 alpha-2."),
            OpenApiParameter("source", str, description="Has a record of this source."),
            OpenApiParameter("identifier", str, description="scheme:value"),
            OpenApiParameter("changed_since", str, description="RFC 3339; oldest change first."),
            OpenApiParameter("quality_lt", int, description="Quality below this; the worst first."),
            *PAGE,
        ],
        responses=page_of(serializers.PartySummary),
    )
    def get(self, request: Request) -> Response:
        """A page of parties, the latest change first where nothing else orders them."""
        limit = limit_of(request)
        page = queries.search_parties(_search_of(request), limit=limit, after=request.query_params.get("cursor"))
        found = serializers.PartySummary(page.items, many=True).data
        return Response({"next": next_url(request, page.next), "results": found})


def _search_of(request: Request) -> PartySearch:
    said = request.query_params
    scheme, colon, value = said.get("identifier", "").partition(":")
    if scheme and (not colon or not value or scheme not in SCHEMES):
        raise ValidationError({"identifier": f"must be scheme:value, scheme one of {', '.join(SCHEMES)}"})
    quality = said.get("quality_lt")
    if quality is not None and not quality.isdecimal():
        raise ValidationError({"quality_lt": "must be a number from 0 to 100"})
    kind = said.get("party_type", "")
    if kind and kind not in list(PartyType):
        raise ValidationError({"party_type": f"must be one of {', '.join(PartyType)}"})
    return PartySearch(
        q=said.get("q", ""),
        party_type=kind,
        country=said.get("country", ""),
        source=said.get("source", ""),
        identifier=(scheme, value) if scheme else None,
        changed_since=moment_of(request, "changed_since"),
        quality_lt=int(quality) if quality else None,
    )


class Party(PartyResource):
    """A party's profile."""

    @extend_schema(operation_id="get_party", parameters=[KNOWN_AT, REDIRECT], responses=_answers(serializers.Party))
    def get(self, request: Request, party: UUID) -> Response:
        """The golden record. ETag is its version; 304, 308, 300 and 410 as the id's fate asks for."""
        moment = known_at(request)
        found = queries.profile(party, known_at=moment)
        if found is None:
            raise NotFound("The hub did not know this party then." if moment else "There is no such party.")
        if moment is None and not_modified(request, found.version):
            return Response(status=304, headers={"ETag": etag(found.version)})
        records = queries.members(party, known_at=moment) if moment else None
        xrefs = [(record.source, record.key) for record in records] if records else queries.xrefs_of(party)
        headers = {"Vary": "Authorization, Cookie"} | ({} if moment else {"ETag": etag(found.version)})
        return Response(serializers.Party(masked.party(request, found, xrefs)).data, headers=headers)


class Sources(PartyResource):
    """The records behind a party."""

    route = "api:party-sources"

    @extend_schema(
        operation_id="list_sources",
        parameters=[KNOWN_AT, REDIRECT],
        responses=_answers(list_of(serializers.SourceRecord)),
    )
    def get(self, request: Request, party: UUID) -> Response:
        """Every source record, the best trusted source first."""
        records = queries.members(party, known_at=known_at(request))
        said = [masked.member(request, record) for record in records]
        return Response({"results": serializers.SourceRecord(said, many=True).data})


class Lineage(PartyResource):
    """Where golden values come from."""

    route = "api:party-lineage"

    @extend_schema(
        operation_id="get_lineage",
        parameters=[KNOWN_AT, REDIRECT],
        responses=_answers(list_of(serializers.AttributeLineage)),
    )
    def get(self, request: Request, party: UUID) -> Response:
        """For each golden value the winning records, the rule, the reason, and every losing value."""
        found = queries.profile(party, known_at=known_at(request))
        if found is None:
            raise NotFound("The hub did not know this party then.")
        said = masked.lineage(request, found.lineage)
        return Response({"results": serializers.AttributeLineage(said, many=True).data})


class History(APIView):
    """What happened to an id. A retired id keeps its own history."""

    @extend_schema(
        operation_id="get_history",
        parameters=[OpenApiParameter("limit", int)],
        responses=list_of(serializers.Moment),
    )
    def get(self, request: Request, party: UUID) -> Response:
        """The newest moments of its life."""
        _known(party)
        moments = queries.history(party, limit=limit_of(request, 200))
        said = [
            {name: getattr(moment, name) for name in moment.__slots__}
            | {"changes": masked.changes(request, moment.changes)}
            for moment in moments
        ]
        return Response({"results": serializers.Moment(said, many=True).data})


class Events(APIView):
    """What was told of an id. A retired id keeps its own events."""

    @extend_schema(operation_id="list_events_of_party", parameters=PAGE, responses=serializers.EventPage)
    def get(self, request: Request, party: UUID) -> Response:
        """Its events, newest first, as on Kafka."""
        _known(party)
        page = queries.events_of(party, limit=limit_of(request), after=request.query_params.get("cursor"))
        events = [masked.event(request, envelope(event)) for event in page.items]
        return Response({"next": next_url(request, page.next), "results": events})


def _known(party: UUID) -> None:
    if queries.where_is(party).lead is Lead.UNKNOWN:
        raise NotFound("There is no party with this id.")


class Relationships(PartyResource):
    """How a party stands to others."""

    route = "api:party-relationships"

    @extend_schema(
        operation_id="list_relationships",
        parameters=[KNOWN_AT, REDIRECT],
        responses=_answers(list_of(serializers.Related)),
    )
    def get(self, request: Request, party: UUID) -> Response:
        """What its records say of others and others' of it, exceptions too; of each type what leads first."""
        found = masked.relationships(request, queries.relationships(party, known_at=known_at(request)))
        return Response({"results": serializers.Related(found, many=True).data})


class Hierarchy(PartyResource):
    """The group that a party belongs to."""

    route = "api:party-hierarchy"

    @extend_schema(
        operation_id="get_hierarchy",
        parameters=[KNOWN_AT, REDIRECT, OpenApiParameter("limit", int)],
        responses=_answers(serializers.Tree),
    )
    def get(self, request: Request, party: UUID) -> Response:
        """The whole group from its top down; of a large one the upper part, and the way to the party."""
        found = queries.hierarchy(party, known_at=known_at(request), limit=limit_of(request, queries.SHOWN))
        return Response(serializers.Tree(found).data)
