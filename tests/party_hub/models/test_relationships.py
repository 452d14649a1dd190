"""Relationships and their types: what the database refuses."""

import pytest
from psycopg2.extras import DateTimeTZRange

from party_hub import models as m
from tests.factories import LONG_AGO, a_party
from tests.party_hub.models.test_constraints import refuses

pytestmark = pytest.mark.django_db


def related(party=None, other=None, **changed):
    said = {
        "type_id": "direct_parent", "scheme": "lei", "value": "5493001KJTIIGC8Y1R12", "standing": "connected",
        "place": 1, "span": DateTimeTZRange(LONG_AGO, None),
    }  # fmt: skip
    return m.Relationship.objects.create(party=party or a_party(), other=other or a_party(), **said | changed)


def test_a_relationship_is_there_once():
    party = a_party()
    related(party)
    refuses("relationship_once", lambda: related(party, place=2))


def test_of_a_partys_relationships_of_one_type_one_is_first():
    party = a_party()
    related(party)
    refuses("relationship_one_in_a_place", lambda: related(party, value="2"))


def test_a_party_hangs_on_one_branch():
    party = a_party()
    related(party, branch=True)
    refuses("relationship_one_branch", lambda: related(party, type_id="ultimate_parent", branch=True))


def test_nobody_is_related_to_themselves():
    party = a_party()
    refuses("relationship_between_two", lambda: related(party, party))


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("relationship_connected_to_somebody", {"standing": "loose"}),
        ("relationship_connected_to_somebody", {"standing": "unknown"}),
        ("relationship_names_or_excepts", {"exception": "NO_LEI"}),
        ("relationship_names_or_excepts", {"value": ""}),
        ("relationship_branch_leads", {"branch": True, "ended": True}),
        ("relationship_share_to_100", {"share": 101}),
        ("relationship_until_after_since", {"since": "2020-01-02", "until": "2020-01-01"}),
        ("relationship_span_not_empty", {"span": DateTimeTZRange(empty=True)}),
    ],
)
def test_a_relationship_is_sound(name, changed):
    refuses(name, lambda: related(**changed))


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("relationship_type_code_is_plain", {"code": "Aunt!"}),
        ("relationship_type_known_kinds", {"other_kind": "robot"}),
        ("relationship_type_symmetric_or_above", {"symmetric": True, "hierarchical": True}),
    ],
)
def test_a_type_of_relationship_is_sound(name, changed):
    said = {"code": "aunt", "name": "Aunt", "inverse_name": "Niece or nephew"}
    refuses(name, lambda: m.RelationshipType.objects.create(**said | changed))
