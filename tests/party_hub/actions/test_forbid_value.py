"""A steward's word that a source is not heard: it outlives loads and merges, can be undone, and ends on its day."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from party_hub.actions.errors import Conflict, NotFound, Stale
from party_hub.actions.expire import close_expired
from party_hub.actions.forbid_value import Statement, forbid_value, preview_forbidding
from party_hub.actions.merge_parties import merge_parties
from party_hub.actions.pin_value import pin_value
from party_hub.actions.pins import end_pin
from party_hub.actions.undo import undo_act
from party_hub.actions.verify_parties import verify_parties
from party_hub.models import AuditEntry, Pin
from party_hub.queries import history, pins

ADA = "user:ada"
DNB = Statement(source="dnb")


@pytest.fixture
def two(world: Any) -> Any:
    """crm:1 says Ltd, dnb:1, which is trusted more, says PLC; markit:1 is another party."""
    world.register("crm:1", legal_form="Ltd")
    world.register("dnb:1", legal_form="PLC")
    world.register("markit:1", legal_form="SE")
    world.link("crm:1", "dnb:1")
    world.resolve()
    return world


def forbid(world: Any, statement: Statement = DNB, name: str = "crm:1", **more: Any) -> Pin:
    said = {"attribute": "legal_form", "reason": "it means the parent"} | more
    return forbid_value(party=world.party(name), statement=statement, actor=ADA, **said)


def form(world: Any, name: str = "crm:1") -> str | None:
    return world.golden(name).values.get("legal_form")


def test_it_is_not_heard_told_to_others_and_noted(two: Any) -> None:
    assert form(two) == "PLC"
    mark = two.mark()
    made = forbid(two)
    assert form(two) == "Ltd"
    (event,) = two.told(mark)
    assert (event.payload["changedAttributes"], event.payload["decision"]["rule"]) == (["legal_form"], "forbid_value")
    assert AuditEntry.objects.get(act=made.act).details == {"attribute": "legal_form", "source": "dnb"}
    assert "Legal form: dnb not heard" in [moment.title for moment in history(two.party("crm:1"))]
    assert made.history.count() == 1


def test_it_outlives_newer_loads_and_the_state_follows_from_the_facts(two: Any) -> None:
    forbid(two)
    two.register("dnb:1", "2027-01-01T00:00:00Z", legal_form="GmbH")
    two.resolve()
    assert form(two) == "Ltd"
    assert list(verify_parties()) == []


def test_it_goes_with_the_party_when_that_is_merged_and_can_be_ended_there(two: Any) -> None:
    pin = forbid(two, Statement(record=two.id("markit:1")), "markit:1")
    assert form(two, "markit:1") is None
    party = merge_parties(parties=[two.party("crm:1"), two.party("markit:1")], actor=ADA, reason="same")
    assert form(two) == "PLC"
    assert [one.pk for one in pins(two.party("crm:1"))] == [pin.pk]
    end_pin(party=two.party("crm:1"), pin=pin.pk, actor=ADA)
    assert form(two) == "SE"
    undo_act(act=party.id, actor=ADA)
    assert form(two, "markit:1") == "SE"


def test_undoing_it_hears_the_source_again_and_undoing_that_silences_it(two: Any) -> None:
    made = forbid(two)
    taken_back = undo_act(act=made.act, actor=ADA)
    assert form(two) == "PLC"
    undo_act(act=taken_back.id, actor=ADA)
    assert form(two) == "Ltd"
    assert Pin.objects.filter(retracted_at=None).get().source_id == "dnb"


def test_it_ends_on_its_day(two: Any) -> None:
    forbid(two, expires_at=datetime.now(UTC) + timedelta(days=1))
    Pin.objects.update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    close_expired()
    assert form(two) == "PLC"


def test_several_hold_side_by_side_and_beside_a_pinned_value(two: Any) -> None:
    forbid(two)
    forbid(two, Statement(source="crm"))
    assert form(two) is None
    pin_value(party=two.party("crm:1"), attribute="legal_form", value="LLP", actor=ADA, reason="register")
    assert form(two) == "LLP"
    assert len(pins(two.party("crm:1"))) == 3
    assert list(verify_parties()) == []


def test_forbidding_the_same_again_replaces_it(two: Any) -> None:
    forbid(two)
    forbid(two, reason="still")
    assert Pin.objects.filter(retracted_at=None).count() == 1


def test_it_remembers_what_it_silenced(two: Any) -> None:
    assert forbid(two).beneath == ["PLC"]
    pinned = pin_value(party=two.party("crm:1"), attribute="legal_form", value="LLP", actor=ADA, reason="register")
    assert pinned.beneath == ["Ltd"]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (Statement(), "Say whom"),
        (Statement(source="gleif"), "no record from gleif"),
        (Statement(record=uuid4()), "not one of this party's"),
    ],
)
def test_what_the_party_does_not_hold_cannot_be_forbidden(two: Any, statement: Statement, says: str) -> None:
    with pytest.raises(Conflict, match=says):
        forbid(two, statement)


def test_a_preview_writes_nothing_and_an_old_version_is_refused(two: Any) -> None:
    what: dict[str, Any] = {"party": two.party("crm:1"), "attribute": "legal_form", "statement": DNB}
    preview = preview_forbidding(**what, actor=ADA, reason="x")
    assert preview.golden[0].values["legal_form"] == "Ltd"
    assert not Pin.objects.exists()
    with pytest.raises(Stale):
        forbid_value(**what, actor=ADA, reason="x", version=99)


def test_a_pin_of_another_party_is_not_ended(two: Any) -> None:
    pin = forbid(two)
    with pytest.raises(NotFound):
        end_pin(party=two.party("markit:1"), pin=pin.pk, actor=ADA)
