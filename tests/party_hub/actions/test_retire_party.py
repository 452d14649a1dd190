"""A party goes out of the world by a steward's word, and comes back by it."""

from typing import Any

import pytest

from party_hub.actions.errors import Conflict, NotFound
from party_hub.actions.retire_party import restore_party, retire_party

ADA = "user:ada"


def test_a_retired_party_is_withdrawn_and_others_are_told(three: Any) -> None:
    party, mark = three.party("crm:1"), three.mark()
    retire_party(party=party, actor=ADA, reason="A test entry.")
    assert three.status(party) == "withdrawn"
    (event,) = three.told(mark)
    assert (event.type, event.payload["changedAttributes"]) == ("party.updated", ["status"])
    assert event.payload["decision"]["reason"] == "A test entry."


def test_what_its_sources_go_on_saying_does_not_bring_it_back(three: Any) -> None:
    party = three.party("crm:1")
    retire_party(party=party, actor=ADA, reason="A test entry.")
    three.register("crm:1", effective_at="2026-02-01T00:00:00Z", phones=["+442079460000"])
    three.resolve()
    assert three.status(party) == "withdrawn"


def test_it_comes_back_under_its_id_as_its_records_stand_now(three: Any) -> None:
    party = three.party("crm:1")
    retire_party(party=party, actor=ADA, reason="A test entry.")
    three.register("crm:1", effective_at="2026-02-01T00:00:00Z", sector="Trade")
    three.resolve()
    restore_party(party=party, actor=ADA, reason="It was real.")
    assert three.party("crm:1") == three.party("dnb:1") == party
    assert three.golden("crm:1").values["sector"] == "Trade"


def test_only_what_a_steward_retired_is_brought_back(three: Any) -> None:
    with pytest.raises(NotFound, match="No steward has retired"):
        restore_party(party=three.party("crm:1"), actor=ADA)


def test_a_party_is_retired_for_a_reason(three: Any) -> None:
    with pytest.raises(Conflict, match="Say why"):
        retire_party(party=three.party("crm:1"), actor=ADA, reason=" ")
