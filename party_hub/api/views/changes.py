"""The feed of changes, for who has no broker."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from party_hub import queries
from party_hub.events.catalog import Topic
from party_hub.events.envelope import envelope

from .. import masked, serializers
from ..pagination import limit_of

TOPICS = (Topic.GOLDEN, Topic.REFERENCE)


class Changes(APIView):
    """Events in order."""

    @extend_schema(
        operation_id="list_changes",
        parameters=[
            OpenApiParameter("after", str, description="The `cursor` of the answer before."),
            OpenApiParameter("topic", str, enum=[topic.value for topic in TOPICS]),
            OpenApiParameter("limit", int),
        ],
        responses=serializers.Changes,
    )
    def get(self, request: Request) -> Response:
        """The events after the cursor, oldest first. A tombstone is an event without data."""
        topic = request.query_params.get("topic", Topic.GOLDEN.value)
        if topic not in TOPICS:
            raise ValidationError({"topic": f"must be one of {', '.join(TOPICS)}"})
        feed = queries.changes(after=request.query_params.get("after"), limit=limit_of(request, 100), topic=topic)
        events = [masked.event(request, envelope(event)) for event in feed.events]
        return Response({"events": events, "cursor": feed.cursor, "more": feed.more})
