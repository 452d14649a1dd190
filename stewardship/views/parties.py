"""Search for parties."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from party_hub import queries
from stewardship.party_forms import PartyFilter
from stewardship.permissions import Act, allowed
from stewardship.picking import picking_of


@require_safe
@allowed(Act.VIEW)
def parties(request: HttpRequest) -> HttpResponse:
    """Parties by name, identifier or id; without words, those that changed last."""
    form, picking = PartyFilter(request.GET), picking_of(request.GET)
    try:
        page = queries.search_parties(form.search(), after=request.GET.get("after") or None)
    except queries.BadCursor:
        return redirect("parties")
    context = {
        "form": form,
        "q": form.kept().get("q", ""),
        "picking": picking,
        "rows": [(found, picking.address(found.id)) for found in page.items if found.id not in picking.merging],
        "more": urlencode([*form.kept().items(), *picking.kept, ("after", page.next)]) if page.next else "",
    }
    partial = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    return render(request, "stewardship/_parties.html" if partial else "stewardship/parties.html", context)
