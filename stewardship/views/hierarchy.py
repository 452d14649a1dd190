"""The group that a party hangs in, as a tree and as a drawing, now or as the hub knew it at a time."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from party_hub import queries
from stewardship.permissions import Act, allowed
from stewardship.presentation.hierarchy import draw, nested

from .as_known import as_known


@require_safe
@allowed(Act.VIEW)
def hierarchy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Everybody above and below the party. A merged id leads on."""
    asked = as_known(request, pk, "party_hierarchy")
    if isinstance(asked, HttpResponseRedirect):
        return asked
    profile, moment = asked.profile, asked.moment
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
