"""The quarantine: rows that were set aside, corrected in a form, replayed, dismissed, downloaded."""

from dataclasses import asdict
from typing import cast
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from ingestion.models import RejectedRow
from ingestion.quarantine.actions import MOST_AT_ONCE, NotOpen, Replayed, dismiss_rows, fix_row, replay_rows
from ingestion.quarantine.queries import RejectFilter, as_csv, rejects_where
from party_hub.actions.audit import audit
from party_hub.chain import Step, hand_over
from stewardship.actions.decide_task import actor
from stewardship.feed_forms import QuarantineFilter, RowsForm
from stewardship.permissions import Act, allowed, can, require
from stewardship.queries import quarantine as queries


@allowed(Act.VIEW, on_post=Act.FIX_ROWS)
def quarantine(request: HttpRequest) -> HttpResponse:
    """Rows by feed, rule and reason; POST replays or dismisses."""
    asked = QuarantineFilter(request.GET)
    if request.method == "POST":
        return _act(request, asked)
    personal = can(request.user, Act.SEE_PERSONAL)
    page = queries.quarantine(asked.wanted(), before=asked.before_row(), personal=personal)
    return render(request, "stewardship/quarantine.html", {"page": page, "form": asked})


def _act(request: HttpRequest, asked: QuarantineFilter) -> HttpResponse:
    form, who = RowsForm(request.POST), actor(cast(User, request.user))
    back = redirect(f"{reverse('quarantine')}?{queries.address_of(asked.wanted())}")
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return back
    ids, act = form.cleaned_data["rows"], form.cleaned_data["act"]
    if act == "dismiss":
        number = dismiss_rows(ids=ids, actor=who, reason=form.cleaned_data["reason"])
        messages.success(request, _("%(number)s dismissed.") % {"number": f"{number:,}"})
        return back
    if act == "replay_all":
        ids = list(rejects_where(asked.wanted()).values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(ids) > MOST_AT_ONCE:
            hand_over(Step.REPLAY_REJECTS, wanted=asdict(asked.wanted()), actor=who)
            messages.info(request, _("The rows are replayed in the background. Look again in a moment."))
            return back
    messages.info(request, _said(replay_rows(ids=ids, actor=who)))
    return back


def _said(replayed: Replayed) -> str:
    let_in = ngettext("%(number)s came in", "%(number)s came in", replayed.accepted)
    let_in %= {"number": f"{replayed.accepted:,}"}
    still = ngettext("%(number)s still breaks a rule", "%(number)s still break a rule", replayed.refused)
    still %= {"number": f"{replayed.refused:,}"}
    return f"{let_in}, {still}." if replayed.refused else f"{let_in}."


@require_safe
@allowed(Act.VIEW)
def download(request: HttpRequest) -> StreamingHttpResponse:
    """The rows of the filter as CSV, streamed; that somebody took them along is audited."""
    wanted, personal = QuarantineFilter(request.GET).wanted(), can(request.user, Act.SEE_PERSONAL)
    audit(
        act=uuid4(),
        actor=actor(cast(User, request.user)),
        verb="download_rows",
        subject_type="feed",
        subject_id=wanted.feed or "all",
        personal=personal,
    )
    answer = StreamingHttpResponse(as_csv(wanted, personal=personal), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="quarantine{f"-{wanted.run}" if wanted.run else ""}.csv"'
    return answer


@allowed(Act.VIEW, on_post=Act.FIX_ROWS)
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """One row by its columns; POST corrects it and lets it in, or says what is still wrong."""
    personal = can(request.user, Act.SEE_PERSONAL)
    try:
        shown = queries.row_shown(pk, personal=personal)
        if request.method != "POST":
            return render(request, "stewardship/quarantined_row.html", {"shown": shown})
        require(request.user, Act.SEE_PERSONAL)
        sent = {cell.column: _sent(request, cell) for cell in shown.cells}
        checked = fix_row(
            row_id=pk, values=sent, actor=actor(cast(User, request.user)), note=request.POST.get("note", "")[:2000]
        )
    except RejectedRow.DoesNotExist:
        raise Http404 from None
    except NotOpen as problem:
        messages.error(request, str(problem))
        return redirect("quarantined_row", pk)
    if checked.reason:
        shown = queries.row_shown(pk, personal=personal, sent=sent, field=checked.field, reason=checked.reason)
        return render(request, "stewardship/quarantined_row.html", {"shown": shown}, status=422)
    messages.success(
        request, _("Line %(line)s came in as %(key)s.") % {"line": shown.row.line, "key": checked.mapped["key"]}
    )
    return redirect(f"{reverse('quarantine')}?{queries.address_of(RejectFilter(feed=shown.row.run.feed_id))}")


def _sent(request: HttpRequest, cell: queries.Cell) -> str:
    """What the form says of a column, with the line ends that it had."""
    return request.POST.get(cell.name, cell.value).replace("\r\n", "\n")
