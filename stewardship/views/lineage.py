"""Where a golden value comes from, as a graph, now or as the hub knew it at a time."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from party_hub.domain.attributes import Kind, kind_of
from stewardship.permissions import Act, allowed, can
from stewardship.presentation.lineage import EdgeKind, draw, in_words
from stewardship.queries.lineage import known_attributes, lineage_graph

from .as_known import as_known


@require_safe
@allowed(Act.VIEW)
def lineage(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From the value of one attribute back to the lines of the files that said it. A merged id leads on."""
    asked = as_known(request, pk, "party_lineage")
    if isinstance(asked, HttpResponseRedirect):
        return asked
    profile, moment = asked.profile, asked.moment
    attributes = known_attributes(profile)
    names = [name for name, _ in attributes]
    chosen = request.GET.get("attribute", "")
    if chosen not in names:
        chosen = names[0] if names else ""
    personal = can(request.user, Act.SEE_PERSONAL) or kind_of(profile.party_type) is Kind.ORGANISATION
    graph = lineage_graph(profile, attributes=[chosen], known_at=moment, personal=personal)
    context = {
        "party": profile,
        "attributes": attributes,
        "chosen": chosen,
        "label": dict(attributes).get(chosen, ""),
        "drawing": draw(graph),
        "told": list(in_words(graph)),
        "chosen_by": graph.into(graph.nodes[f"golden:{chosen}"], EdgeKind.CHOSE) if graph.nodes else [],
        "moment": moment,
        "page_now": f"{request.path}?attribute={chosen}",
        "now": timezone.localtime(),
    }
    return render(request, "stewardship/lineage.html", context)
