"""Finding parties: by name as people misspell it, by identifier, by what they are, by what changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from party_hub.domain.identifiers import SCHEMES, normalise
from party_hub.domain.names import search_form
from party_hub.models import GoldenRecord, Membership, PartyIdentifier
from party_hub.models.party import PartyStatus

from .pages import BadCursor, Page, decode, encode

# How alike a name must be to the words looked for: high enough for the index, low enough for two typing errors.
SIMILARITY = 0.45
FIELDS = (
    "party_id", "party__party_type", "party__status", "party__version", "name", "country", "quality", "source_count",
    "record_count", "updated_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PartySearch:
    """What to look for; all that is given must hold. `q` is a name, an identifier or an id."""

    q: str = ""
    party_type: str = ""
    country: str = ""
    source: str = ""
    identifier: tuple[str, str] | None = None  # scheme, value
    changed_since: datetime | None = None
    quality_lt: int | None = None
    status: str = PartyStatus.ACTIVE.value

    @property
    def order(self) -> str:
        """What the result is ordered by: likeness, time of change, quality, or the latest change first."""
        if self.q:
            return "likeness"
        if self.changed_since is not None:
            return "change"
        return "quality" if self.quality_lt is not None else "latest"


@dataclass(frozen=True, slots=True)
class FoundParty:
    """A row of a result list. `likeness` (0–1) where a name was looked for; 1 for an identifier."""

    id: UUID
    party_type: str
    status: str
    version: int
    name: str
    country: str
    quality: int
    source_count: int
    record_count: int
    updated_at: datetime
    likeness: float | None = None


def search_parties(search: PartySearch, *, limit: int = 50, after: str | None = None) -> Page[FoundParty]:
    """One page of the parties found; `after` is the page before's `next`. Raises `BadCursor`. Three queries at most."""
    golden = _filtered(search)
    if search.q:
        return _by_likeness(golden, search.q, limit, after)
    match search.order:
        case "change":
            ordered, column, ascending = golden.order_by("updated_at", "party_id"), "updated_at", True
        case "quality":
            ordered, column, ascending = golden.order_by("quality", "party_id"), "quality", True
        case _:
            ordered, column, ascending = golden.order_by("-updated_at", "-party_id"), "updated_at", False
    if after:
        value, party = _position(after, search.order)
        beyond = "gt" if ascending else "lt"
        # The first condition is implied by the second; it is what lets PostgreSQL start in the middle of the index.
        ordered = ordered.filter(**{f"{column}__{beyond}e": value}).filter(
            Q(**{f"{column}__{beyond}": value}) | Q(**{column: value, f"party_id__{beyond}": party})
        )
    found = _found(ordered[: limit + 1])
    return _page(found, limit, lambda party: (search.order, _sortable(getattr(party, column)), party.id))


def suggest_parties(text: str, *, limit: int = 10) -> list[FoundParty]:
    """The likeliest parties for what somebody is typing; empty below two characters."""
    return search_parties(PartySearch(q=text), limit=limit).items if len(text.strip()) > 1 else []


def _filtered(search: PartySearch) -> QuerySet[GoldenRecord]:
    golden = GoldenRecord.objects.filter(party__status=search.status) if search.status else GoldenRecord.objects.all()
    if search.party_type:
        golden = golden.filter(party__party_type=search.party_type)
    if search.country:
        golden = golden.filter(country=search.country.upper())
    if search.changed_since is not None:
        golden = golden.filter(updated_at__gte=search.changed_since)
    if search.quality_lt is not None:
        golden = golden.filter(quality__lt=search.quality_lt)
    if search.source:
        records = Membership.objects.filter(
            party=OuterRef("party_id"), span__upper_inf=True, record__source=search.source
        )
        golden = golden.filter(Exists(records))
    if search.identifier:
        golden = golden.filter(party__in=_identified(*search.identifier))
    return golden


def _identified(scheme: str, value: str) -> QuerySet[PartyIdentifier, dict[str, Any]]:
    """The parties with this identifier, however it is punctuated."""
    normal = normalise(scheme, value, "") if scheme in SCHEMES else None
    values = {value, normal.value} if normal else {value}
    return PartyIdentifier.objects.filter(scheme=scheme, value__in=values).values("party")  # type: ignore[return-value]


def _by_likeness(golden: QuerySet[GoldenRecord], text: str, limit: int, after: str | None) -> Page[FoundParty]:
    words = search_form(text)
    exact = _exact(golden, text) if after is None else []
    if not words:
        return Page(exact, None)
    likeness = TrigramWordSimilarity(words, "search_names")
    alike = golden.filter(search_names__trigram_word_similar=words).annotate(likeness=likeness)
    if after:
        value, party = _position(after, "likeness")
        alike = alike.filter(Q(likeness__lt=value) | Q(likeness=value, party_id__gt=party))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(SIMILARITY)])
        rows = alike.order_by("-likeness", "party_id").values_list(*FIELDS, "likeness")[: limit + 1]
        found = [FoundParty(*row) for row in rows]
    page = _page(found, limit, lambda party: ("likeness", party.likeness, party.id))
    known = {party.id for party in exact}
    return Page([*exact, *(party for party in page.items if party.id not in known)], page.next) if exact else page


def _exact(golden: QuerySet[GoldenRecord], text: str) -> list[FoundParty]:
    """Those that have `text` as their id or as an identifier; no query for what can be neither."""
    try:
        return _found(golden.filter(party=UUID(text.strip())), 1.0)
    except ValueError:
        pass
    if not any(character.isdigit() for character in text):
        return []
    compact = "".join(character for character in text if character.isalnum()).upper()
    parties = PartyIdentifier.objects.filter(scheme__in=list(SCHEMES), value=compact).values("party")
    return _found(golden.filter(party__in=parties)[:20], 1.0)


def _found(golden: QuerySet[GoldenRecord], likeness: float | None = None) -> list[FoundParty]:
    rows: Iterable[tuple[Any, ...]] = golden.values_list(*FIELDS)
    return [FoundParty(*(*row, likeness)) for row in rows]


def _position(cursor: str, order: str) -> tuple[Any, UUID]:
    """The value and the party after which to go on. Raises `BadCursor`."""
    value, party = decode(cursor, order, 2)
    try:
        if order in ("change", "latest"):
            return datetime.fromisoformat(value), UUID(party)
        return float(value), UUID(party)
    except (TypeError, ValueError, AttributeError) as error:
        raise BadCursor("the cursor cannot be read") from error


def _sortable(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _page(found: list[FoundParty], limit: int, position: Any) -> Page[FoundParty]:
    items = found[:limit]
    return Page(items, encode(position(items[-1])) if len(found) > limit else None)


__all__ = ["BadCursor", "FoundParty", "Page", "PartySearch", "search_parties", "suggest_parties"]
