"""Survivorship: the rules in force, a draft with its impact, how far the rebuild is, and the way back."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from party_hub.actions.change_rule import stored_rule
from party_hub.actions.errors import Conflict
from party_hub.actions.rebuild_all import progress_of_rebuild
from party_hub.domain.attributes import BY_NAME, PartyType
from stewardship.actions.approve import do_or_propose
from stewardship.permissions import Act, allowed, can
from stewardship.proposal import a_rule
from stewardship.queries import setup
from stewardship.queries.rule import past_versions, show_rule
from stewardship.rule_forms import RuleDraft

STOP = 286  # htmx polls no more


@require_safe
@allowed(Act.VIEW)
def rules(request: HttpRequest) -> HttpResponse:
    """The survivorship rules in force, and what changed them."""
    context = {
        "rules": setup.rules_in_force(),
        "sources": setup.sources_by_trust(),
        "explained": setup.EXPLAINED,
        "past": past_versions(),
        "progress": progress_of_rebuild(),
    }
    return render(request, "stewardship/rules.html", context)


@require_safe
@allowed(Act.VIEW)
def progress(request: HttpRequest) -> HttpResponse:
    """How far the rebuild is: a fragment that asks again until it is over."""
    found = progress_of_rebuild()
    status = 200 if found and found.running else STOP
    return render(request, "stewardship/_rebuild.html", {"progress": found}, status=status)


@allowed(Act.VIEW, on_post=Act.TUNE)
def draft(request: HttpRequest, attribute: str) -> HttpResponse:
    """A change of one attribute's rule: POST shows its impact, and with `propose` hands it to somebody else."""
    party_type = (request.POST if request.method == "POST" else request.GET).get("party_type", "")
    if attribute not in BY_NAME or party_type not in ("", *PartyType):
        raise Http404
    asked = RuleDraft(request.POST or None, attribute, party_type, request.GET.get("version", ""))
    if not can(request.user, Act.TUNE):
        asked.lock()
    shown, problem = None, ""
    if request.method == "POST" and asked.is_valid():
        try:
            if "propose" in request.POST:
                return _proposed(request, asked)
            shown = show_rule(asked.change(), stored_rule(attribute, party_type), impact=True)
        except Conflict as conflict:
            problem = str(conflict)
    context: dict[str, Any] = {
        "attribute": BY_NAME[attribute],
        "party_type": party_type,
        "types": list(PartyType),
        "form": asked.form,
        "stored": stored_rule(attribute, party_type),
        "rule": shown,
        "sample": shown.sample(personal=can(request.user, Act.SEE_PERSONAL)) if shown else [],
        "problem": problem or (shown.problem if shown else ""),
    }
    return render(request, "stewardship/rule_draft.html", context)


def _proposed(request: HttpRequest, asked: RuleDraft) -> HttpResponse:
    former = stored_rule(asked.attribute, asked.party_type)
    proposal = a_rule(asked.change(), asked.reason, former)
    outcome = do_or_propose(proposal=proposal, user=cast(User, request.user))
    if outcome.approval is not None:
        messages.info(request, _("Proposed. Somebody else activates it."))
        return redirect("approval", outcome.approval.pk)
    messages.success(request, _("In force. Golden records are worked out anew in the background."))
    return redirect("rules")
