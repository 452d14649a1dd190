"""GLEIF's level 2: relationship records and reporting exceptions, loaded, joined by LEI and shown as a group."""

from pathlib import Path
from uuid import UUID

import pytest

from matching.actions.resolve_records import resolve_records
from party_hub.models import GoldenRecord, Membership, PartyIdentifier, SourceRecord
from party_hub.queries import hierarchy, relationships
from tests import gleif
from tests.ingestion.conftest import Load, csv_text

pytestmark = [pytest.mark.spark, pytest.mark.django_db]


def match_all() -> None:
    """Everything that waits, matched and resolved."""
    resolve_records(records=list(SourceRecord.objects.values_list("id", flat=True)), actor="system:test")


def party_of(lei: str) -> UUID:
    """The one party that has this LEI."""
    return PartyIdentifier.objects.get(scheme="lei", value=lei).party_id


@pytest.fixture
def group(load: Load, tmp_path: Path) -> None:
    """The three files, loaded and matched."""
    for feed, path in gleif.write_files(tmp_path).items():
        run = load(feed, path)
        assert (run.landed, run.quarantined) == (run.accepted, 0)
    match_all()


@pytest.mark.usefixtures("group")
def test_records_without_a_name_join_the_party_of_their_lei_by_themselves() -> None:
    assert GoldenRecord.objects.count() == len(gleif.NAMES) + 1
    assert Membership.objects.filter(party=party_of(gleif.LEASING), span__upper_inf=True).count() == 4
    assert GoldenRecord.objects.get(party=party_of(gleif.LEASING)).name == "Fiordland Leasing GmbH"
    assert GoldenRecord.objects.get(party=party_of(gleif.UNKNOWN)).name == gleif.UNKNOWN


@pytest.mark.usefixtures("group")
def test_the_group_hangs_together_from_the_holding_down() -> None:
    tree = hierarchy(party_of(gleif.FUND))
    assert [(member.name, member.depth) for member in tree.members] == [
        ("Fiordland Holding SE", 0),
        ("Fiordland Bank AG", 1),
        ("Fiordland Bank AG, London Branch", 2),
        ("Fiordland Invest SICAV", 2),
        ("Fiordland Invest SICAV - European Equity", 3),
        ("Fiordland Leasing GmbH", 2),
        (gleif.UNKNOWN, 3),
    ]
    assert {member.share for member in tree.members if member.name == "Fiordland Leasing GmbH"} == {75}


@pytest.mark.usefixtures("group")
def test_periods_managers_ended_relationships_and_exceptions_are_told() -> None:
    said = {(one.type, one.leads): one for one in relationships(party_of(gleif.LEASING)) if one.direction == "to"}
    assert str(said["direct_parent", True].since) == "2014-05-02"
    assert said["direct_parent", False].ended
    assert said["direct_parent", False].other_name == "Fiordland Holding SE"
    fund = {one.type: one for one in relationships(party_of(gleif.FUND))}
    assert fund["fund_manager"].other == party_of(gleif.BANK)
    assert (fund["ultimate_parent"].exception, fund["ultimate_parent"].reference) == (
        "NON_CONSOLIDATING",
        "Investment entity, IFRS 10.31",
    )
    top = {one.type: one.exception for one in relationships(party_of(gleif.HOLDING)) if one.direction == "to"}
    assert top == {"direct_parent": "NATURAL_PERSONS", "ultimate_parent": "NO_KNOWN_PERSON"}


def test_what_cannot_be_read_is_set_aside_with_its_reason(load: Load, tmp_path: Path) -> None:
    rows = [
        gleif.relationship(gleif.BANK, "IS_FRIEND_OF", gleif.HOLDING),
        gleif.relationship(gleif.BANK, "IS_SUBFUND_OF", gleif.HOLDING[:-1] + "X"),
        gleif.relationship(gleif.BANK, "IS_FEEDER_TO", ""),
        gleif.relationship(
            gleif.BANK, "IS_DIRECTLY_CONSOLIDATED_BY", gleif.HOLDING,
            **{"Relationship.Quantifiers.1.QuantifierAmount": "750"},
        ),
        gleif.relationship(gleif.BANK[:-1] + "X", "IS_SUBFUND_OF", gleif.HOLDING),
    ]  # fmt: skip
    path = tmp_path / "rr.csv"
    path.write_text(csv_text(gleif.RR_COLUMNS, rows), encoding="utf-8")
    run = load("gleif-rr", path)
    reasons = [row.reason for row in run.rejects.order_by("line")]
    assert run.accepted == 0
    for reason, said in zip(
        reasons,
        ("no relationship of this feed", "no true LEI", "names nobody", "no share from 0 to 100", "check digits"),
        strict=True,
    ):
        assert said in reason


def test_the_same_file_again_changes_nothing(load: Load, tmp_path: Path) -> None:
    path = gleif.write_files(tmp_path)["gleif-rr"]
    first, again = load("gleif-rr", path), load("gleif-rr", path)
    assert (first.created, again.created, again.updated, again.unchanged) == (10, 0, 0, 10)
