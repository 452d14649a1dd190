"""What the hub promises: OpenAPI, AsyncAPI, the JSON Schemas, and pages to read them on. Open to all: no data in it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from party_hub.events.contract import asyncapi, schemas


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Swagger UI from our own files: nothing inline, nothing from elsewhere."""
    return render(request, "api/docs.html")


@require_safe
def asyncapi_document(request: HttpRequest) -> JsonResponse:
    """The AsyncAPI document of this environment."""
    document = asyncapi(settings.KAFKA_TOPIC_PREFIX)
    return JsonResponse(
        document, json_dumps_params={"indent": 2}, content_type="application/vnd.aai.asyncapi+json;version=3.0.0"
    )


@require_safe
def event_schema(request: HttpRequest, name: str) -> JsonResponse:
    """The JSON Schema of an event type."""
    known = schemas().get(name)
    if known is None:
        from ..errors import CONTENT_TYPE, problem

        said = problem(404, f"There is no schema {name!r}.", request.get_full_path())
        return JsonResponse(said, status=404, content_type=CONTENT_TYPE)
    return JsonResponse(known, json_dumps_params={"indent": 2}, content_type="application/schema+json")


class Unknown(APIView):
    """Whatever is not there, said as a problem."""

    permission_classes = [AllowAny]

    @extend_schema(exclude=True)
    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """404 to every method."""
        self.args, self.kwargs = args, kwargs
        self.headers = self.default_response_headers
        self.request: Request = self.initialize_request(request, *args, **kwargs)
        response: Response = self.handle_exception(NotFound("There is nothing here."))
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response
