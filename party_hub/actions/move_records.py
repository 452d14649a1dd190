"""Records leave the party that they were wrongly put into, for the one they belong to."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from party_hub.domain.judgement import Judgement

from .decide import Act, Verdict, carry_out, check_versions, forbid_contradiction, live_records, ordered
from .errors import Conflict
from .preview import Preview, preview_clusters
from .resolve_parties import lock_and_look_at_the_clock
from .split_party import parting, sides


@transaction.atomic
def move_records(
    *,
    party: UUID,
    records: Collection[UUID],
    to: UUID,
    actor: str,
    reason: str,
    versions: Mapping[UUID, int] | None = None,
) -> Act:
    """Moves `records` out of `party` into the party `to`, by cannot-links on one side and a must-link on the other.

    Raises NotFound, Stale, and Conflict where nothing would stay (then it is a merge), or a decision forbids it.
    """
    lock_and_look_at_the_clock()
    check_versions(versions)
    leaving, staying, receiving = _three(party, records, to)
    forbid_contradiction(leaving, receiving)
    judged = parting(leaving, staying) | {ordered(leaving[0], receiving[0]): Judgement.MATCH}
    return carry_out(Verdict(judged, actor, "move_records", reason), subject=[party, to])


def preview_move(*, party: UUID, records: Collection[UUID], to: UUID) -> Preview:
    """What moving `records` would give: the party that they leave, then the one they come to. Raises as the act."""
    leaving, staying, receiving = _three(party, records, to)
    return preview_clusters([sorted(staying), sorted([*leaving, *receiving])])


def _three(party: UUID, records: Collection[UUID], to: UUID) -> tuple[list[UUID], list[UUID], list[UUID]]:
    if party == to:
        raise Conflict(gettext("The records are in this party already."))
    return *sides(party, records), live_records(to)
