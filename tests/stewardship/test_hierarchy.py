"""A party's relationships on its profile, and the group that it hangs in."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest

from party_hub.actions.resolve_parties import resolve_parties
from party_hub.models import Party
from tests.factories import SourceRecordFactory, a_company, party_of
from tests.stewardship.conftest import SignedIn

pytestmark = pytest.mark.django_db


def a_firm(name: str, number: int, *relations: dict[str, Any]) -> Party:
    """A company with a DUNS number that ends in `number`, related as said."""
    identifiers = [{"scheme": "duns", "value": f"40000000{number}", "country": "", "valid": True}]
    said = {"relations": list(relations)} if relations else {}
    attributes = a_company(name, identifiers=identifiers, **said)
    return party_of(SourceRecordFactory(source_id="dnb", party_type="organisation", attributes=attributes))


def above(number: int, **more: str) -> dict[str, str]:
    return {"type": "direct_parent", "scheme": "duns", "value": f"40000000{number}", **more}


def test_a_profile_lists_relationships_by_type_with_share_dates_and_source(signed_in: SignedIn) -> None:
    top = a_firm("Northwind Holding", 1)
    child = a_firm(
        "Northwind Traders", 2, above(1, share="62.5", since="2019-04-01"),
        {"type": "ultimate_parent", "exception": "NATURAL_PERSONS"},
        {"type": "owner", "scheme": "duns", "value": "400000009"},
    )  # fmt: skip
    page = signed_in("ben").get(f"/parties/{child.pk}/").content.decode()
    for said in (
        f'href="/parties/{top.pk}/"', "Direct parent", "62.5 %", "since 2019-04-01", "Natural persons control it",
        "D-U-N-S 400000009", "not in the hub",
    ):  # fmt: skip
        assert said in page
    assert "Direct subsidiary" in signed_in("ben").get(f"/parties/{top.pk}/").content.decode()


def test_the_group_is_a_nested_list_and_a_drawing_with_a_way_to_each_party(signed_in: SignedIn) -> None:
    top = a_firm("Northwind Holding", 1)
    middle = a_firm("Northwind Europe", 2, above(1))
    child = a_firm("Northwind Traders", 3, above(2))
    page = signed_in("ben").get(f"/parties/{child.pk}/hierarchy/").content.decode()
    assert 'data-testid="hierarchy"' in page
    for party in (top, middle, child):
        assert page.count(f'href="/parties/{party.pk}/"') >= 2
    assert page.count('<path class="branch"') == 2
    assert page.index("Northwind Holding", page.index('data-testid="hierarchy"')) < page.rindex("Northwind Traders")


def test_a_circle_is_told_with_the_parties_in_it(signed_in: SignedIn) -> None:
    one = a_firm("Northwind One", 1, above(2))
    a_firm("Northwind Two", 2, above(1))
    page = signed_in("ben").get(f"/parties/{one.pk}/hierarchy/").content.decode()
    assert 'data-testid="cycle"' in page
    assert page.count("in a circle") == 3


def test_the_group_is_shown_as_it_was_known(signed_in: SignedIn) -> None:
    a_firm("Northwind Holding", 1)
    child = a_firm("Northwind Traders", 2, above(1))
    before = datetime.now(UTC)
    record = child.memberships.get().record
    record.attributes.pop("relations")
    record.save()
    resolve_parties(records=[record.id], actor="system:test")
    client = signed_in("ben")
    assert "Northwind Holding" not in client.get(f"/parties/{child.pk}/hierarchy/").content.decode()
    address = f"/parties/{child.pk}/hierarchy/?known_at={before.isoformat().replace('+', '%2B')}"
    page = client.get(address).content.decode()
    assert "Northwind Holding" in page
    assert 'data-testid="known-at"' in page


def test_nobody_above_or_below_is_said(signed_in: SignedIn) -> None:
    party = a_firm("Northwind Holding", 1)
    assert "No source says" in signed_in("ben").get(f"/parties/{party.pk}/hierarchy/").content.decode()
    assert signed_in("ben").get(f"/parties/{uuid.uuid4()}/hierarchy/").status_code == 404


def test_a_group_of_any_size_costs_the_same(signed_in: SignedIn, django_assert_max_num_queries: Any) -> None:
    a_firm("Northwind Holding", 1)
    children = [a_firm(f"Northwind {number}", number, above(1)) for number in range(2, 9)]
    client = signed_in("ben")
    client.get(f"/parties/{children[0].pk}/hierarchy/")
    with django_assert_max_num_queries(14):
        client.get(f"/parties/{children[0].pk}/hierarchy/")
