"""Pages about one party, now or as the hub knew it at a time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from party_hub import queries


@dataclass(frozen=True)
class AsKnown:
    """A party, and the time that it is looked at; None for now."""

    profile: queries.Profile
    moment: datetime | None


def as_known(request: HttpRequest, pk: UUID, page: str) -> AsKnown | HttpResponseRedirect:
    """The party that `page` is asked about with `?known_at=`; the id of one that was merged leads on to its survivor's
    page. Raises Http404.
    """
    moment = moment_in(request.GET.get("known_at", ""))
    led = queries.where_is(pk)
    if moment is None and led.lead is queries.Lead.REDIRECTED and led.party is not None:
        return redirect(page, led.party)
    profile = queries.profile(pk, known_at=moment)
    if profile is None:
        raise Http404
    return AsKnown(profile, moment)


def moment_in(text: str) -> datetime | None:
    """A time as a page gives it, a day meaning its end; None for none, for what cannot be read, and for the future."""
    try:
        moment = parse_datetime(text) or None
        day = parse_date(text) if moment is None or len(text) <= len("2026-01-31") else None
    except ValueError:
        return None
    if day is not None:
        moment = datetime.combine(day, datetime.max.time())
    if moment is None:
        return None
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    return moment if moment < timezone.now() else None
