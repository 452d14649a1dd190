"""Records leave a party and become one of their own, by cannot-links that keep the two apart from then on."""

from collections.abc import Collection
from itertools import pairwise
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from party_hub.domain.judgement import Judgement
from party_hub.models import Decision

from .decide import Act, Verdict, carry_out, check_versions, live_records, ordered, pairs_between
from .errors import Conflict
from .preview import Preview, preview_clusters
from .resolve_parties import lock_and_look_at_the_clock


@transaction.atomic
def split_party(*, party: UUID, records: Collection[UUID], actor: str, reason: str, version: int | None = None) -> Act:
    """Moves `records` out of `party`, together. Raises NotFound, Stale, and Conflict where nothing would leave or
    nothing stay.

    Must-links that hold the two sides together are superseded; among those that leave, must-links keep them together.
    """
    lock_and_look_at_the_clock()
    check_versions({party: version} if version is not None else None)
    leaving, staying = _sides(party, records)
    together = list(pairwise(leaving)) + list(pairwise(staying))
    across = Q(left__in=leaving, right__in=staying) | Q(left__in=staying, right__in=leaving)
    bound = Decision.objects.filter(across, retracted_at__isnull=True, judgement=Judgement.MATCH).values_list(
        "left_id", "right_id"
    )
    apart = {*pairs_between(leaving, staying, (leaving[0], staying[0])), *bound}
    judged = {ordered(*pair): Judgement.MATCH for pair in together} | {
        ordered(*pair): Judgement.NO_MATCH for pair in apart
    }
    return carry_out(Verdict(judged, actor, "split_party", reason), subject=[party])


def preview_split(*, party: UUID, records: Collection[UUID]) -> Preview:
    """What splitting `records` off would give. Raises NotFound and Conflict."""
    leaving, staying = _sides(party, records)
    return preview_clusters([sorted(staying), sorted(leaving)])


def _sides(party: UUID, records: Collection[UUID]) -> tuple[list[UUID], list[UUID]]:
    members = live_records(party)
    leaving = [record for record in members if record in set(records)]
    staying = [record for record in members if record not in set(records)]
    if strangers := set(records) - set(members):
        raise Conflict(f"Record {min(strangers)} does not belong to this party.")
    if not leaving or not staying:
        raise Conflict("Choose at least one record to leave and at least one to stay.")
    return leaving, staying
