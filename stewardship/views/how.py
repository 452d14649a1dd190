"""How the records of a party came together, step by step."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from matching.how import how_together
from party_hub.actions.errors import NotFound
from party_hub.models import SourceRecord
from stewardship.permissions import Act, allowed


@require_safe
@allowed(Act.VIEW)
def how(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Each join, and on whose word."""
    try:
        joins = how_together(pk)
    except NotFound as problem:
        raise Http404(str(problem)) from problem
    records = SourceRecord.objects.in_bulk({record for join in joins for record in (join.left, join.right)})
    steps = [(join, records[join.left], records[join.right]) for join in joins]
    return render(request, "stewardship/how.html", {"pk": pk, "steps": steps})
