"""What runs out by the clock: the state follows within a minute, and others are told why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from party_hub.actions.errors import NotFound
from party_hub.actions.expire import close_expired
from party_hub.actions.pin_value import pin_value
from party_hub.actions.split_party import split_party
from party_hub.actions.undo import undo_act
from party_hub.actions.verify_parties import verify_parties
from party_hub.models import AuditEntry, Decision, Pin

TOMORROW = datetime.now(UTC) + timedelta(days=1)
PAST = datetime.now(UTC) - timedelta(seconds=1)


def pinned(world: Any) -> None:
    pin_value(
        party=world.party("crm:1"), attribute="sector", value="Trade", actor="user:ada", reason="x", expires_at=TOMORROW
    )


def test_a_pin_that_has_run_out_gives_way_to_the_rule_and_others_are_told(three: Any) -> None:
    pinned(three)
    assert close_expired().records == 0
    Pin.objects.update(expires_at=PAST)
    mark = three.mark()
    close_expired()
    assert "sector" not in three.golden("crm:1").values
    (event,) = three.told(mark)
    assert (event.type, event.payload["decision"]["rule"]) == ("party.updated", "expire")
    assert Pin.objects.get().retracted_by == "system:expiry"


def test_a_split_that_has_run_out_comes_together_where_the_model_says_so(three: Any) -> None:
    party = three.party("crm:1")
    split_party(party=party, records=[three.id("dnb:1")], actor="user:ada", reason="x", expires_at=TOMORROW)
    Decision.objects.update(expires_at=PAST)
    close_expired()
    assert three.party("crm:1") == three.party("dnb:1") == party
    assert list(verify_parties()) == []


def test_looking_twice_changes_nothing(three: Any) -> None:
    pinned(three)
    Pin.objects.update(expires_at=PAST)
    close_expired()
    mark = three.mark()
    assert close_expired().records == 0
    assert three.told(mark) == []


def test_what_has_run_out_is_not_brought_back(three: Any) -> None:
    pinned(three)
    Pin.objects.update(expires_at=PAST)
    close_expired()
    with pytest.raises(NotFound):
        undo_act(act=AuditEntry.objects.get(verb="expire").act, actor="user:ada")
