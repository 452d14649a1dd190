"""The past is asked in a small, fixed number of statements, however long a party has lived."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from party_hub.actions.pin_value import pin_value
from party_hub.queries import members, profile, relationships
from tests.party_hub.actions.conftest import World

pytestmark = pytest.mark.django_db


def a_long_life(world: World) -> tuple[UUID, datetime]:
    """A party of three records with forty versions; and a moment in the middle of them."""
    for number in range(3):
        world.register(f"crm:{number}")
    world.link("crm:0", "crm:1", "crm:2")
    world.resolve()
    party, middle = world.party("crm:0"), timezone.now()
    for number in range(40):
        if number == 20:
            middle = timezone.now()
        pin_value(party=party, attribute="sector", value=f"Sector {number}", actor="user:ada", reason="Register.")
    return party, middle


@pytest.mark.parametrize("ask", [profile, members, relationships])
def test_the_past_costs_one_statement(ask: Callable[..., Any], django_assert_max_num_queries: Any) -> None:
    party, middle = a_long_life(World())
    with django_assert_max_num_queries(1):
        told = ask(party, known_at=middle)
    if ask is profile:
        assert told.values["sector"] == "Sector 19"
        assert len(told.lineage) == len(told.values)  # lineage comes with the profile, for no statement more
