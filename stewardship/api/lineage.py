"""Lineage as a graph: from golden values back to the lines of the files that said them."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from party_hub import queries
from party_hub.api.conditions import known_at
from party_hub.api.permissions import sees_personal
from party_hub.api.views.parties import KNOWN_AT, REDIRECT, PartyResource
from stewardship.presentation.lineage import EdgeKind, NodeKind
from stewardship.queries.lineage import known_attributes, lineage_graph


class LineageNode(serializers.Serializer[Any]):
    """A point of the graph; `page` is where people read more of it."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in NodeKind])
    label = serializers.CharField()  # type: ignore[assignment]
    note = serializers.CharField()
    page = serializers.CharField()
    attribute = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]


class LineageEdge(serializers.Serializer[Any]):
    """What `start` is to `end`, two ids of nodes."""

    start = serializers.CharField()
    end = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in EdgeKind])


class LineageGraph(serializers.Serializer[Any]):
    """Nodes, each once, and what ties them."""

    nodes = LineageNode(many=True)
    edges = LineageEdge(many=True)


class Lineage(PartyResource):
    """Where golden values come from, as nodes and edges."""

    route = "stewardship-api:party-lineage-graph"

    @extend_schema(
        operation_id="get_lineage_graph",
        parameters=[OpenApiParameter("attribute", str, description="This one alone."), KNOWN_AT, REDIRECT],
        responses=LineageGraph,
    )
    def get(self, request: Request, party: UUID) -> Response:
        """Values said, records in their versions, runs, lines, rules, pins, and what put each record into the party."""
        moment = known_at(request)
        profile = queries.profile(party, known_at=moment)
        if profile is None:
            raise NotFound("The hub did not know this party then.")
        names = [name for name, _ in known_attributes(profile)]
        asked = request.query_params.get("attribute", "")
        if asked and asked not in names:
            raise ValidationError({"attribute": f"This party has {', '.join(names)}."})
        graph = lineage_graph(
            profile, attributes=[asked] if asked else names, known_at=moment, personal=sees_personal(request)
        )
        said = {"nodes": list(graph.nodes.values()), "edges": list(graph.edges.values())}
        return Response(LineageGraph(said).data)
