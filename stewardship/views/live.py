"""Whether what a page shows has changed under it: asked every few seconds by the page itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from stewardship.party_forms import seen_in
from stewardship.permissions import Act, allowed
from stewardship.queries.shift import moved_on

STOP = 286  # htmx polls no more


@require_safe
@allowed(Act.VIEW)
def changed(request: HttpRequest) -> HttpResponse:
    """Nothing, or a notice that names the parties that are no longer as they were seen. One query."""
    names = moved_on(seen_in(request.GET))
    if not names:
        return HttpResponse(status=204)
    return render(request, "components/changed.html", {"names": names}, status=STOP)
