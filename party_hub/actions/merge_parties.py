"""Several parties become one, by must-links between their records."""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from party_hub.domain.attributes import kind_of
from party_hub.domain.judgement import Judgement
from party_hub.models import SourceRecord

from .decide import Act, Verdict, carry_out, check_versions, forbid_contradiction, ordered, records_of_each
from .errors import Conflict
from .preview import Preview, preview_clusters
from .resolve_parties import lock_and_look_at_the_clock


@transaction.atomic
def merge_parties(
    *, parties: Sequence[UUID], actor: str, reason: str, versions: Mapping[UUID, int] | None = None
) -> Act:
    """Merges `parties`; the id that survives follows from the identity rule, not from their order.

    `versions` are those that the caller saw. Raises NotFound, Stale, and Conflict where a decision keeps two of them
    apart.
    """
    lock_and_look_at_the_clock()
    check_versions(versions)
    members = _members(parties)
    for ours, theirs in combinations(members, 2):
        forbid_contradiction(ours, theirs)
    judged = {ordered(ours[0], theirs[0]): Judgement.MATCH for ours, theirs in pairwise(members)}
    return carry_out(Verdict(judged, actor, "merge_parties", reason), subject=parties)


def preview_merge(*, parties: Sequence[UUID]) -> Preview:
    """What merging `parties` would give. Raises NotFound."""
    return preview_clusters([sorted(record for records in _members(parties) for record in records)])


def obstacles_to_merge(*, parties: Sequence[UUID]) -> list[str]:
    """What stands against merging `parties`: their kinds, or earlier decisions. Raises NotFound."""
    members = _members(parties)
    found: list[str] = []
    first = SourceRecord.objects.filter(pk__in=[records[0] for records in members]).values_list("party_type", flat=True)
    if len({kind_of(party_type) for party_type in first}) > 1:
        found.append(gettext("An individual and an organisation cannot be the same party."))
    for ours, theirs in combinations(members, 2):
        try:
            forbid_contradiction(ours, theirs)
        except Conflict as conflict:
            found.append(str(conflict))
    return list(dict.fromkeys(found))


def _members(parties: Sequence[UUID]) -> list[list[UUID]]:
    if len(set(parties)) < 2:
        raise Conflict(gettext("A merge needs two different parties."))
    return records_of_each(list(dict.fromkeys(parties)))
