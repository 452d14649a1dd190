"""A party by hand: looked for first, then created as a record of the source system `steward`."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from matching.actions.resolve_records import resolve_records
from matching.intake import BadAttributes, canonical_attributes, incoming_record
from matching.queries import Candidate, candidates_for
from party_hub.actions.audit import audit
from party_hub.actions.decide import Act, Verdict, carry_out, live_records, ordered
from party_hub.actions.errors import Conflict
from party_hub.actions.register_records import register_records
from party_hub.chain import Step, hand_over
from party_hub.domain.canonical.draft import Problem
from party_hub.domain.identity import record_id
from party_hub.domain.judgement import Judgement
from party_hub.models import Membership

from .decide_task import actor

SOURCE = "steward"


@dataclass(frozen=True)
class Created:
    """The new party, and the act that kept it apart from those that it is not, if there were any."""

    party: UUID
    act: Act | None


def look_for(*, party_type: str, said: Mapping[str, str]) -> list[Candidate]:
    """Parties that it may be already, likeliest first. Raises BadAttributes for what cannot be read: who types it can
    mend it.
    """
    attributes, unread = canonical_attributes(said, party_type)
    if unread:
        raise BadAttributes(
            Problem(field, _("Nothing can be made of this. Correct it, or leave it empty.")) for field in unread
        )
    return candidates_for(party_type, attributes)


@transaction.atomic
def create_party(
    *, party_type: str, said: Mapping[str, str], user: User, reason: str, different: Collection[UUID] = ()
) -> Created:
    """Creates a party that says this (canonical columns). `different` are the parties that the user looked at and found
    to be others: the new one is kept apart from them, whatever the model says later.

    Raises BadAttributes, and Conflict where somebody turns up whom the user has not looked at.
    """
    unseen = [found for found in look_for(party_type=party_type, said=said) if found.party not in different]
    if unseen:
        raise Conflict(
            _("%(name)s may be the same, and you have not looked at it. Look again.") % {"name": unseen[0].name}
        )
    key = uuid.uuid4().hex[:12]
    incoming, _unread = incoming_record(
        key=key, party_type=party_type, attributes=said, effective_at=None, location=f"by hand: {actor(user)}"
    )
    register_records(source=SOURCE, records=[incoming], actor=actor(user))
    record = record_id(SOURCE, key)
    others = [ordered(record, other) for party in different for other in live_records(party)]
    act = None
    if others:
        apart = dict.fromkeys(others, Judgement.NO_MATCH)
        act = carry_out(Verdict(apart, actor(user), "create_party", reason))
    resolve_records(records=[record], actor=actor(user))
    party = Membership.objects.values_list("party_id", flat=True).get(record=record, span__upper_inf=True)
    if act is None:
        audit(
            act=uuid.uuid4(), actor=actor(user), verb="create_party", subject_type="party", subject_id=party,
            reason=reason,
        )  # fmt: skip
    hand_over(Step.REFRESH_TASKS, records=[str(record)])
    return Created(party, act)
