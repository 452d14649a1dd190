"""A plain CSV becomes a feed: send it, say what its columns are, look at the first rows, save."""

from pathlib import Path
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from ingestion.actions import request_load
from ingestion.lake import LakeError
from ingestion.mapping.sample import BadSample
from ingestion.mappings import BadMapping, begin_mapping, save_mapping
from ingestion.models import Feed, MappingDraft
from ingestion.unpacking import BadArchive
from stewardship.actions.decide_task import actor
from stewardship.mapping_forms import MappingForm, SampleForm
from stewardship.permissions import Act, allowed
from stewardship.presentation.feed_sentences import feed_sentence
from stewardship.queries.mapping import preview_shown

from .receiving import takes_a_file


@takes_a_file(Act.ADMINISTER, back="new_feed")
def new(request: HttpRequest, name: str = "") -> HttpResponse:
    """Begin with a file: for a new feed, or to change the mapping of the feed `name`."""
    feed = get_object_or_404(Feed, name=name, mapping__isnull=False) if name else None
    form = SampleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = cast(TemporaryUploadedFile, form.cleaned_data["file"])
        who = actor(cast(User, request.user))
        try:
            draft = begin_mapping(path=Path(sent.temporary_file_path()), name=sent.name or "", actor=who, feed=feed)
        except (BadSample, BadArchive, LakeError) as problem:
            form.add_error("file", feed_sentence(str(problem)))
        else:
            return redirect("mapping", draft.pk)
    status = 422 if form.errors else 200
    return render(request, "stewardship/new_feed.html", {"form": form, "feed": feed}, status=status)


@allowed(Act.ADMINISTER)
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """Columns and preview; POST looks again, or saves the feed. A draft is shown to who began it alone."""
    who = actor(cast(User, request.user))
    draft = MappingDraft.objects.select_related("feed").filter(pk=pk, created_by=who).first()
    if draft is None:
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponse(status=204)  # a preview that was asked for just before the feed was saved
        raise Http404
    form = MappingForm(draft, request.POST or None)
    if request.method == "POST" and request.POST.get("act") == "save" and form.is_valid():
        saved = _save(request, form, who)
        if saved is not None:
            return saved
    context = {"form": form, "draft": draft, "preview": preview_shown(draft, form.mapping())}
    template = "stewardship/_preview.html" if request.htmx else "stewardship/mapping.html"  # type: ignore[attr-defined]
    unsaved = request.POST.get("act") == "save"
    return render(request, template, context, status=422 if unsaved else 200)


def _save(request: HttpRequest, form: MappingForm, who: str) -> HttpResponse | None:
    location = form.draft.location
    try:
        feed = save_mapping(draft=form.draft, mapping=form.mapping(), new=form.new_feed(), actor=who)
    except (BadMapping, ValueError) as problem:
        form.add_error(None, feed_sentence(str(problem)))
        return None
    messages.success(
        request, _("%(title)s is a feed now. Its files load like those of any other.") % {"title": feed.title}
    )
    if "load" in request.POST:
        return redirect("feed_run", request_load(feed=feed.pk, location=location, actor=who).pk)
    return redirect("feeds")
