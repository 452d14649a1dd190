"""A party that is none (a test entry, a shell that never was) goes by a steward's word, and may come back.

Its records count as withdrawn whatever their sources go on saying, until the word is taken back.
"""

import uuid
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from party_hub.events.catalog import Cause, EventType
from party_hub.models import Membership, Redirect, Retirement

from .audit import audit
from .decide import Act, check_versions, live_records
from .errors import Conflict, NotFound
from .preview import Preview
from .resolve_parties import lock_and_look_at_the_clock, resolve_parties


@transaction.atomic
def retire_party(*, party: UUID, actor: str, reason: str, version: int | None = None) -> Act:
    """Retires every record of the party; its last golden record stays to be seen. Raises NotFound, Stale, Conflict."""
    lock_and_look_at_the_clock()
    check_versions({party: version} if version is not None else None)
    if not reason.strip():
        raise Conflict(gettext("Say why: a party is retired for a reason."))
    records, act = live_records(party), uuid.uuid4()
    Retirement.objects.bulk_create(
        [Retirement(record_id=record, reason=reason, author=actor, act=act) for record in records]
    )
    return _settle(act, "retire_party", party, records, actor, reason)


def preview_retirement(*, party: UUID) -> Preview:
    """What retiring the party would do: no golden record comes of it. Raises NotFound."""
    live_records(party)
    return Preview([], [], [str(EventType.UPDATED)], Redirect.objects.filter(survivor=party).count())


@transaction.atomic
def restore_party(*, party: UUID, actor: str, reason: str = "") -> Act:
    """Brings a retired party back as its records stand now. Raises NotFound where it was not retired by a steward."""
    moment = lock_and_look_at_the_clock()
    standing = Retirement.objects.filter(record__in=last_records(party), retracted_at__isnull=True)
    records, act = list(standing.values_list("record_id", flat=True)), uuid.uuid4()
    if not records:
        raise NotFound(gettext("No steward has retired party %(party)s, or it is back already.") % {"party": party})
    standing.update(retracted_at=moment, retracted_by=actor, retracted_in=act)
    return _settle(act, "restore_party", party, records, actor, reason)


def was_retired(party: UUID) -> Retirement | None:
    """The steward's word by which the party is out of the world, if that is why."""
    return Retirement.objects.filter(record__in=last_records(party), retracted_at__isnull=True).first()


def last_records(party: UUID) -> list[UUID]:
    """The records that belonged to the party last and to no other since."""
    gone = Membership.objects.filter(party=party, span__upper_inf=False)
    later = Membership.objects.filter(record__in=gone.values("record"), span__upper_inf=True).values("record")
    return list(gone.exclude(record__in=later).values_list("record_id", flat=True).distinct())


def _settle(act: UUID, verb: str, party: UUID, records: list[UUID], actor: str, reason: str) -> Act:
    resolution = resolve_parties(records=records, actor=actor, cause=Cause(actor, verb, act, reason=reason))
    audit(act=act, actor=actor, verb=verb, subject_type="party", subject_id=party, reason=reason, records=len(records))
    return Act(act, resolution, records)
