"""What the database itself sees to: who approves, when, and that a proposal and its verdict stay as they are."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from stewardship.actions.approve import reject
from stewardship.models import Approval, ApprovalLevel
from tests.people import person

pytestmark = pytest.mark.django_db


BROKEN: dict[str, dict[str, Any]] = {
    "approval_by_somebody_else": {"state": "rejected", "decided_at": timezone.now(), "note": "x"},
    "approval_in_time_with_its_act": {"state": "approved", "decided_at": timezone.now()},
    "approval_waiting_is_undecided": {"decided_at": timezone.now()},
    "approval_known_state": {"state": "perhaps"},
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(name: str, proposed: Approval) -> None:
    decider = proposed.proposed_by if name == "approval_by_somebody_else" else person("cleo")
    change = BROKEN[name] | ({"decided_by": decider} if "decided_at" in BROKEN[name] else {})
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Approval.objects.filter(pk=proposed.pk).update(**change)


NEW: dict[str, dict[str, Any]] = {
    "approval_known_kind": {"kind": "whim"},
    "approval_has_reason": {"reason": ""},
    "approval_ends_after_it_begins": {"expires_at": timezone.now() - timedelta(days=99)},
    "approval_one_waiting_for_the_same": {},
}


@pytest.mark.parametrize("name", NEW)
def test_the_database_refuses_a_new_one(name: str, proposed: Approval) -> None:
    for field, value in NEW[name].items():
        setattr(proposed, field, value)
    proposed.pk = None
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        proposed.save(force_insert=True)


LEVELS: dict[str, dict[str, Any]] = {
    "approval_level_once": {"act": "", "measure": "records"},
    "approval_level_known_measure": {"measure": "gut feeling"},
    "approval_level_known_act": {"act": "dance", "measure": "always"},
    "approval_level_from_1": {"act": "merge", "measure": "records", "at_least": 0},
}


@pytest.mark.parametrize("name", LEVELS)
def test_the_database_refuses_a_level(name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        ApprovalLevel.objects.create(**LEVELS[name])


@pytest.mark.parametrize(
    ("change", "words"),
    [({"proposed_by": "cleo"}, "stays as it was proposed"), ({"reason": "other"}, "stays as it was proposed")],
)
def test_a_proposal_stays_as_it_was_proposed(change: dict[str, Any], words: str, proposed: Approval) -> None:
    if "proposed_by" in change:
        change = {"proposed_by": person("cleo")}
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        Approval.objects.filter(pk=proposed.pk).update(**change)


def test_a_verdict_stays_as_it_was_given(proposed: Approval) -> None:
    reject(approval=proposed, user=person("cleo"), note="Twins.")
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Approval.objects.filter(pk=proposed.pk).update(state="waiting", decided_by=None, decided_at=None)
