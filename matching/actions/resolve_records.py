"""A few records, resolved at once and in process: the way of the listener and of the API."""

from collections.abc import Collection
from uuid import UUID

from matching.actions.manage_models import ensure_model
from matching.actions.match_records import match_records, one_at_a_time
from matching.engine.local import match_all
from matching.queries import active_model
from party_hub.actions.resolution import Resolution
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.actions.waiting import waiting_since


def resolve_records(*, records: Collection[UUID], actor: str) -> Resolution:
    """Match these records against all stored ones and bring their parties in line. May be repeated at will."""
    if not records:
        return Resolution()
    ensure_model(actor=actor)
    with one_at_a_time():
        waiting = waiting_since(records)
        matched = match_records(model=active_model(), records=records, runner=match_all)
        concerned = [*map(str, records), *matched.reached]
        return resolve_parties(records=concerned, actor=actor, settled=waiting | matched.reached)
