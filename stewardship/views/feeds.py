"""Feeds and their runs, live; a file sent through the browser."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ingestion.actions import CannotLoad, NotNow, cancel_run, confirm_run, request_load, retry_run
from ingestion.backlog import backlog
from ingestion.lake import LakeError
from ingestion.lateness import late_feeds
from ingestion.models import FeedRun
from ingestion.uploads import upload_file
from party_hub.chain import Step, hand_over
from stewardship.actions.decide_task import actor
from stewardship.feed_forms import UploadForm
from stewardship.permissions import Act, allowed, can
from stewardship.presentation.feed_sentences import feed_sentence
from stewardship.queries import runs as queries

from .receiving import takes_a_file


@allowed(Act.VIEW, on_post=Act.LOAD)
def feeds(request: HttpRequest) -> HttpResponse:
    """All feeds and the last runs; POST asks for a load."""
    if request.method == "POST":
        return _load(request)
    return _feeds(request, UploadForm(initial={"feed": request.GET.get("feed", "")}))


def _feeds(request: HttpRequest, form: UploadForm, status: int = 200) -> HttpResponse:
    context = {
        "feeds": queries.feeds(),
        "runs": queries.last_runs(30),
        "form": form,
        "late_feeds": late_feeds(),
        "backlog": backlog(),
    }
    return render(request, "stewardship/feeds.html", context, status=status)


def _load(request: HttpRequest) -> HttpResponse:
    try:
        run = request_load(feed=request.POST.get("feed", ""), actor=actor(cast(User, request.user)))
    except CannotLoad as problem:
        messages.error(request, feed_sentence(str(problem)))
        return redirect("feeds")
    return redirect("feed_run", run.pk)


@require_POST
@takes_a_file(Act.LOAD, back="feeds")
def upload(request: HttpRequest) -> HttpResponse:
    """A file for a feed, on to the raw zone; its run starts."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _feeds(request, form, status=422)
    sent = cast(TemporaryUploadedFile, form.cleaned_data["file"])
    try:
        run = upload_file(
            feed=form.cleaned_data["feed"].name,
            path=Path(sent.temporary_file_path()),
            name=sent.name or "",
            load_type=form.cleaned_data["load_type"],
            actor=actor(cast(User, request.user)),
        )
    except (CannotLoad, LakeError) as problem:
        form.add_error(None, feed_sentence(str(problem)))
        return _feeds(request, form, status=422)
    return redirect("feed_run", run.pk)


@require_POST
@allowed(Act.LOAD)
def dead_letters(request: HttpRequest) -> HttpResponse:
    """Send what the listener refused to it again."""
    hand_over(Step.REPLAY_DEAD_LETTERS, actor=actor(cast(User, request.user)))
    messages.success(request, _("The dead letters are being sent again; what is still bad comes back here."))
    return redirect("feeds")


@require_POST
@allowed(Act.LOAD)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop a run that waits or works."""
    return _on_run(request, pk, cancel_run)


@require_POST
@allowed(Act.LOAD)
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a run that failed or was cancelled go on at the stage where it ended."""
    return _on_run(request, pk, retry_run)


@require_POST
@allowed(Act.LOAD)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw what a full file leaves out, which the run has stopped at."""
    return _on_run(request, pk, confirm_run)


def _on_run(request: HttpRequest, pk: int, act: Callable[..., FeedRun]) -> HttpResponse:
    try:
        act(run_id=pk, actor=actor(cast(User, request.user)))
    except FeedRun.DoesNotExist:
        raise Http404 from None
    except NotNow as problem:
        messages.error(request, feed_sentence(str(problem)))
    return redirect("feed_run", pk)


@require_safe
@allowed(Act.VIEW)
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: how far it is, what became of its rows, which were set aside and why."""
    try:
        shown = queries.run_detail(pk, personal=can(request.user, Act.SEE_PERSONAL))
    except FeedRun.DoesNotExist:
        raise Http404 from None
    template = "stewardship/_run.html" if request.htmx else "stewardship/run.html"  # type: ignore[attr-defined]
    return render(request, template, {"detail": shown})
