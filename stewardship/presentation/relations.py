"""Relationships as a reader sees them: by type, with what each source says."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from party_hub.domain.masking import is_personal
from party_hub.domain.relations import exception_in_words
from party_hub.queries import Related

from .values import scheme_label
from .wording import gettext


@dataclass(frozen=True)
class ShownRelation:
    """One relationship, `said` by what its other party is known: the name, the identifier, or why there is none."""

    relation: Related
    said: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class RelationGroup:
    """All relationships of one type seen from one side, the leading one first; `more` are not shown."""

    label: str
    shown: list[ShownRelation]
    more: int


def by_type(relations: Iterable[Related], *, personal: bool, limit: int = 8) -> list[RelationGroup]:
    """The relationships in groups, in the order of their types: what the party's own records say comes first. With
    `personal` false, those of persons are left out.
    """
    groups = []
    seen = (one for one in relations if personal or not _of_a_person(one))
    ordered = sorted(seen, key=lambda one: one.direction != "to")
    for _, found in groupby(ordered, key=lambda one: (one.type, one.label)):
        rows = sorted(found, key=lambda one: (not one.leads, one.other_name.casefold()))
        label = gettext(rows[0].label)
        groups.append(RelationGroup(label, [_shown(row) for row in rows[:limit]], max(len(rows) - limit, 0)))
    return groups


def _of_a_person(one: Related) -> bool:
    return is_personal("relations", {"type": one.type, "scheme": one.scheme})


def _shown(relation: Related) -> ShownRelation:
    named = f"{scheme_label(relation.scheme)} {relation.value}" if relation.scheme else ""
    said = relation.other_name or named
    if relation.exception:
        said = gettext(exception_in_words(relation.exception))
    return ShownRelation(relation, said, tuple(_notes(relation)))


def _notes(relation: Related) -> Iterable[str]:
    if relation.share is not None:
        yield f"{relation.share.normalize():f} %"
    if relation.since and relation.until:
        yield f"{relation.since} – {relation.until}"
    elif relation.since or relation.until:
        yield gettext("since %(day)s") % {"day": relation.since} if relation.since else f"– {relation.until}"
    if relation.exception and relation.reference:
        yield relation.reference
    if relation.standing == "unknown":
        yield gettext("not in the hub")
    if relation.standing == "itself":
        yield gettext("now the party itself")
    if relation.standing == "unfit":
        yield gettext("does not fit what the two are")
    if relation.holders > 1:
        yield gettext("%(number)d parties have this identifier") % {"number": relation.holders}
    if relation.ended:
        yield gettext("ended")
    elif not relation.leads:
        yield gettext("another source leads")
