"""Every error as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.defaults import server_error
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.queries import BadCursor

CONTENT_TYPE = "application/problem+json"


class PreconditionRequired(exceptions.APIException):
    """The caller must say which version it saw."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_detail = "Send If-Match with the ETag of the version that you saw."
    default_code = "precondition_required"


class Gone(exceptions.APIException):
    """The id is no party any more. `more` goes into the problem."""

    status_code = HTTPStatus.GONE
    default_code = "gone"

    def __init__(self, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.more = more


def problem(status: int, detail: str, path: str, **more: Any) -> dict[str, Any]:
    """A problem's members. `type` is about:blank: the status says what kind of problem it is (RFC 9457, 4.2.1)."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": path, **more}


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None for what nobody foresaw, which becomes a 500."""
    known = _as_api_exception(error)
    if known is None:
        return None
    set_rollback()
    more: dict[str, Any] = dict(getattr(known, "more", {}))
    detail: Any = known.detail
    if isinstance(known, exceptions.ValidationError):
        more["errors"] = list(_field_errors(detail))
        detail = "; ".join(
            f"{item['field']}: {item['detail']}" if item["field"] else item["detail"] for item in more["errors"]
        )
    request = context["request"]
    response = Response(
        problem(known.status_code, str(detail), request.get_full_path(), **more),
        status=known.status_code,
        content_type=CONTENT_TYPE,
    )
    if header := getattr(known, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(known, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


def _as_api_exception(error: Exception) -> exceptions.APIException | None:
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404 | NotFound):
        return exceptions.NotFound(str(error.args[0]) if isinstance(error, NotFound) and error.args else None)
    if isinstance(error, DjangoPermissionDenied):
        return exceptions.PermissionDenied(str(error) or None)
    if isinstance(error, BadCursor):
        return exceptions.ValidationError({"cursor": str(error)})
    status = {Conflict: HTTPStatus.CONFLICT, Stale: HTTPStatus.PRECONDITION_FAILED}.get(type(error))
    if status is None:
        return None
    known = exceptions.APIException(str(error))
    known.status_code = status
    if isinstance(error, Conflict) and error.problems:
        known.more = {"problems": error.problems}  # type: ignore[attr-defined]
    return known


def _field_errors(detail: Any, field: str = "") -> Any:
    """Each message with the path of its field."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            name = "" if name == "non_field_errors" else str(name)
            yield from _field_errors(inner, f"{field}.{name}".strip(".") if field else name)
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _field_errors(inner, f"{field}.{index}" if nested and len(detail) > 1 else field)
    else:
        yield {"field": field, "detail": str(detail)}


def handler500(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw: as a problem to programs, as a page to people."""
    if not request.path.startswith("/api/"):
        return server_error(request)
    said = problem(500, "Something went wrong here. It is in the log.", request.get_full_path())
    return JsonResponse(said, status=500, content_type=CONTENT_TYPE)
