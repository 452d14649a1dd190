"""Two parties are the same, but some of their records belong to neither."""

from collections.abc import Collection
from itertools import pairwise
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext

from party_hub.domain.judgement import Judgement
from party_hub.models import Decision

from .decide import Act, Pair, Verdict, carry_out, forbid_contradiction, ordered, pairs_between, records_of_each
from .errors import Conflict
from .resolve_parties import lock_and_look_at_the_clock


@transaction.atomic
def match_partly(
    *,
    a: UUID,
    b: UUID,
    left_out: Collection[UUID],
    actor: str,
    reason: str = "",
    evidence: Pair | None = None,
    score: float | None = None,
) -> Act:
    """Merges `a` and `b` without the records `left_out`, which are kept apart from the rest from then on.

    `evidence` is the pair of records that raised the question. Raises NotFound, and Conflict where a side would have
    no record left, where a record is of neither, or where a decision keeps the two apart.
    """
    lock_and_look_at_the_clock()
    ours, theirs = records_of_each([a, b])
    leaving = [record for record in (*ours, *theirs) if record in set(left_out)]
    if strangers := set(left_out) - set(leaving):
        raise Conflict(
            gettext("Record %(record)s belongs to neither party any more. Look again.") % {"record": min(strangers)}
        )
    ours, theirs = ([record for record in side if record not in set(leaving)] for side in (ours, theirs))
    if not ours or not theirs:
        raise Conflict(gettext("Leave at least one record on each side; if none of them fits, it is no match."))
    forbid_contradiction(ours, theirs)
    staying = [*ours, *theirs]
    joined = evidence if evidence and set(evidence) <= set(staying) else (ours[0], theirs[0])
    together = [joined, *pairwise(ours), *pairwise(theirs)]
    judged = {ordered(*pair): Judgement.MATCH for pair in together} | {
        ordered(*pair): Judgement.NO_MATCH for pair in _apart(leaving, staying)
    }
    return carry_out(Verdict(judged, actor, "match_partly", reason, score), subject=(a, b))


def _apart(leaving: list[UUID], staying: list[UUID]) -> set[Pair]:
    """Pairs that keep the two sets apart, must-links between them included, since those have to give way."""
    across = Q(left__in=leaving, right__in=staying) | Q(left__in=staying, right__in=leaving)
    bound = Decision.objects.filter(across, retracted_at__isnull=True, judgement=Judgement.MATCH)
    return {
        *pairs_between(leaving, staying, (leaving[0], staying[0])),
        *bound.values_list("left_id", "right_id"),
    }
