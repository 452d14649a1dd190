"""Files that announce themselves. Parses, makes one call, renders."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ingestion.notifications import BadNotification, request_notified
from party_hub.api.permissions import actor_of
from party_hub.domain.roles import Act

from . import serializers


class Notifications(APIView):
    """An object has arrived in a bucket: as S3, MinIO, EventBridge or SNS tell it."""

    act = Act.LOAD

    @extend_schema(request=OpenApiTypes.OBJECT, responses={202: serializers.NotifiedShown})
    def post(self, request: Request) -> Response:
        """One run of the watching feed for each object; a repeated notification asks for none."""
        try:
            notified = request_notified(said=request.data, actor=actor_of(request))
        except BadNotification as problem:
            raise ValidationError({"notification": str(problem)}) from problem
        return Response(serializers.NotifiedShown(notified).data, status=202)
