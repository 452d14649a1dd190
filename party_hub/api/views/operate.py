"""Alive? Ready? How much? For load balancers and Prometheus."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from party_hub.domain.roles import Act, Scope, acts_of_roles

from ..authentication import BearerToken

LOOPBACK = ("127.0.0.1", "::1")


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers. Asks nobody else, so that a database that is away does not get it killed."""
    return JsonResponse({"status": "alive"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether traffic may come: 200, or 503 with what is missing."""
    from party_hub.health import ready

    findings = ready()
    fit = all(finding.fit for finding in findings)
    said = {finding.name: "ok" if finding.fit else "not answering" for finding in findings}
    return JsonResponse({"status": "ready" if fit else "not ready", "checks": said}, status=200 if fit else 503)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics: to the machine itself, to tokens with the scope `metrics`, and to administrators."""
    if not _may_read_metrics(request):
        raise PermissionDenied(
            "Metrics are for the machine itself, a token with the scope metrics, or an administrator."
        )
    response: HttpResponse = ExportToDjangoView(request)
    return response


def _may_read_metrics(request: HttpRequest) -> bool:
    # What a proxy passes on comes from its address, so a forwarded request counts as foreign.
    if request.META.get("REMOTE_ADDR") in LOOPBACK and "HTTP_X_FORWARDED_FOR" not in request.META:
        return True
    try:
        known = BearerToken().authenticate(Request(request))
    except AuthenticationFailed:
        return False
    if known is not None:
        return Scope.METRICS in known[1].scopes
    user = request.user
    return user.is_authenticated and Act.ADMINISTER in acts_of_roles(user.groups.values_list("name", flat=True))
