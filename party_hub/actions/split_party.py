"""Records leave a party and become one of their own, by cannot-links that keep the two apart from then on."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from party_hub.domain.judgement import Judgement
from party_hub.models import Decision

from .decide import Act, Pair, Verdict, carry_out, check_versions, live_records, ordered, pairs_between
from .errors import Conflict
from .preview import Preview, preview_clusters
from .resolve_parties import lock_and_look_at_the_clock


@transaction.atomic
def split_party(
    *,
    party: UUID,
    records: Collection[UUID],
    actor: str,
    reason: str,
    version: int | None = None,
    expires_at: datetime | None = None,
) -> Act:
    """Moves `records` out of `party`, together. Raises NotFound, Stale, and Conflict where nothing would leave or
    nothing stay.

    Must-links that hold the two sides together are superseded; among those that leave, must-links keep them together.
    After `expires_at` nothing keeps the two apart any more, and the match model decides again.
    """
    lock_and_look_at_the_clock()
    check_versions({party: version} if version is not None else None)
    leaving, staying = sides(party, records)
    verdict = Verdict(parting(leaving, staying), actor, "split_party", reason, expires_at=expires_at)
    return carry_out(verdict, subject=[party])


def preview_split(*, party: UUID, records: Collection[UUID]) -> Preview:
    """What splitting `records` off would give. Raises NotFound and Conflict."""
    leaving, staying = sides(party, records)
    return preview_clusters([sorted(staying), sorted(leaving)])


def parting(leaving: Sequence[UUID], staying: Sequence[UUID]) -> dict[Pair, Judgement]:
    """What is decided where one party becomes two: each side stays together, and the two are kept apart."""
    together = [*pairwise(leaving), *pairwise(staying)]
    across = Q(left__in=leaving, right__in=staying) | Q(left__in=staying, right__in=leaving)
    bound = Decision.objects.filter(across, retracted_at__isnull=True, judgement=Judgement.MATCH).values_list(
        "left_id", "right_id"
    )
    apart = {*pairs_between(leaving, staying, (leaving[0], staying[0])), *bound}
    return {ordered(*pair): Judgement.MATCH for pair in together} | {
        ordered(*pair): Judgement.NO_MATCH for pair in apart
    }


def sides(party: UUID, records: Collection[UUID]) -> tuple[list[UUID], list[UUID]]:
    """The records that leave and those that stay, earliest first. Raises NotFound and Conflict."""
    members = live_records(party)
    leaving = [record for record in members if record in set(records)]
    staying = [record for record in members if record not in set(records)]
    if strangers := set(records) - set(members):
        raise Conflict(gettext("Record %(record)s does not belong to this party.") % {"record": min(strangers)})
    if not leaving or not staying:
        raise Conflict(gettext("Choose at least one record to leave and at least one to stay."))
    return leaving, staying
