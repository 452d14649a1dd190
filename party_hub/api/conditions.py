"""What callers say about time and versions: ETag, If-None-Match, If-Match, known_at."""

import re
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from party_hub.actions.errors import Stale

from .errors import PreconditionRequired

_ETAG = re.compile(r'(?:W/)?"(\d+)"')


def etag(version: int) -> str:
    """The ETag of a party at a version."""
    return f'"{version}"'


def not_modified(request: Request, version: int) -> bool:
    """Whether the caller already has this version (If-None-Match)."""
    said = request.headers.get("If-None-Match", "")
    return said.strip() == "*" or str(version) in _ETAG.findall(said)


def versions_seen(request: Request, parties: list[UUID]) -> dict[UUID, int] | None:
    """The versions in If-Match, an ETag for each party in order; None for `*`, which takes whatever is there.

    Raises `PreconditionRequired` without the header, `Stale` for what cannot be an ETag of ours.
    """
    said = request.headers.get("If-Match")
    if said is None:
        raise PreconditionRequired
    if said.strip() == "*":
        return None
    versions = [int(version) for version in _ETAG.findall(said)]
    if len(versions) != len(parties):
        raise Stale(f"If-Match must hold the ETag of each of the {len(parties)} parties, in their order.")
    return dict(zip(parties, versions, strict=True))


def moment_of(request: Request, name: str) -> datetime | None:
    """A time in the query, RFC 3339 with its offset; None where it is not given. Raises `ValidationError`."""
    text = request.query_params.get(name)
    if text is None:
        return None
    try:
        # A plus sign that nobody escaped arrives as a blank.
        moment = parse_datetime(text.strip().replace(" ", "+") if "T" in text else text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment):
        raise ValidationError({name: "must be a time like 2026-01-31T12:00:00Z"})
    return moment


def known_at(request: Request) -> datetime | None:
    """The time of `?known_at=`. Raises `ValidationError` where it lies ahead."""
    moment = moment_of(request, "known_at")
    if moment is not None and moment > timezone.now():
        raise ValidationError({"known_at": "lies in the future"})
    return moment


def flag(request: Request, name: str, default: bool = False) -> bool:
    """A yes or no in the query. Raises `ValidationError`."""
    text = request.query_params.get(name, str(default)).lower()
    if text not in ("true", "false", "1", "0"):
        raise ValidationError({name: "must be true or false"})
    return text in ("true", "1")
