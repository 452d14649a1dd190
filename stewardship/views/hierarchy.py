"""The group that a party hangs in, as a tree and as a drawing, now or as the hub knew it at a time."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from party_hub import queries
from stewardship.permissions import Act, allowed
from stewardship.presentation.hierarchy import draw, nested
from stewardship.views.party import moment_in


@require_safe
@allowed(Act.VIEW)
def hierarchy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody above and below the party. A merged id leads on."""
    moment = moment_in(request.GET.get("known_at", ""))
    led = queries.where_is(pk)
    if moment is None and led.lead is queries.Lead.REDIRECTED and led.party is not None:
        return redirect("party_hierarchy", led.party)
    profile = queries.profile(pk, known_at=moment)
    if profile is None:
        raise Http404
    tree = queries.hierarchy(pk, known_at=moment)
    top = nested(tree, pk)
    context = {
        "party": profile,
        "tree": tree,
        "top": top,
        "cycle": list(zip(tree.cycle, tree.cycle_names, strict=True)),
        "drawing": draw(top) if top else None,
        "left_out": tree.total - len(tree.members),
        "moment": moment,
        "now": timezone.localtime(),
    }
    return render(request, "stewardship/hierarchy.html", context)
