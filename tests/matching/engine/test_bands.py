"""The bands: a score joins two records only where nothing forbids it."""

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from matching.engine.bands import asked, automatic, band_of
from matching.engine.columns import CANONICAL, conform
from matching.engine.explain import explain
from matching.engine.model import KindModel
from matching.engine.prepared import Prepared, prepare
from matching.engine.score import score_pairs
from matching.queries import default_model
from party_hub.domain.attributes import Kind
from tests.matching.engine.people_and_firms import population

BROKER: dict[str, Any] = {
    "full_name": "Aldershaw Insurance Ltd",
    "phone": "+44 1632 960102",
    "email": "office@aldershaw.example",
    "street": "4 Tide Street",
    "city": "Newcastle",
    "postcode": "NE1 4XD",
    "country": "GB",
}


def firms(*differences: dict[str, Any]) -> Prepared:
    rows = [
        {"record_id": str(number), "source": f"s{number}", "party_type": "organisation", **BROKER, **one}
        for number, one in enumerate(differences)
    ]
    table = pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in CANONICAL]))
    return prepare(conform(table), Kind.ORGANISATION)


def eager() -> KindModel:
    """The model that ships, which would join whatever it compares."""
    model = default_model().kinds[Kind.ORGANISATION]
    return replace(model, thresholds=replace(model.thresholds, automatic=-50.0, review=-60.0))


def joined(records: Prepared, model: KindModel) -> bool:
    scored = score_pairs(model, records, (pa.array([0]).to_numpy(), pa.array([1]).to_numpy()))
    return bool(automatic(model, records, scored)[0])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"duns": "150483782"}, {"duns": "081466849"}, False),
        ({"duns": "150483782"}, {"duns": "150483782"}, True),
        ({"duns": "150483782"}, {}, True),
        ({"duns": "150483782"}, {"duns": "150483783"}, True),
        ({"duns": "150483782", "tax_id": "48-1200712"}, {"duns": "081466849", "tax_id": "481200712"}, True),
    ],
    ids=["two DUNS", "one DUNS", "one without", "a slip of the pen", "another identifier agrees"],
)
def test_identifiers_that_contradict_each_other_keep_records_apart(
    one: dict[str, Any], other: dict[str, Any], expected: bool
) -> None:
    assert joined(firms(one, other), eager()) is expected


def test_a_steward_is_told_why_a_high_score_does_not_join() -> None:
    records = firms({"duns": "150483782"}, {"duns": "081466849"})
    explained = explain(eager(), records, "v")
    assert explained.band == "review"
    assert "contradict" in explained.sentence


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"full_name": "Tidewater Fund No.4"}, {"full_name": "Tidewater Fund No. 5"}, False),
        ({"full_name": "Tidewater Acquisition III"}, {"full_name": "Tidewater Acquisition IV"}, False),
        ({"full_name": "Tidewater Fifteenth Partners"}, {"full_name": "Tidewater Sixteenth Partners"}, False),
        ({"full_name": "Tidewater 2x Shares"}, {"full_name": "Tidewater -1x Shares"}, False),
        ({"full_name": "Second Tide Trust"}, {"full_name": "2nd Tide Trust"}, True),
        ({"full_name": "Tidewater Fund 4"}, {"full_name": "Tidewater Fund"}, True),
        (
            {"full_name": "Tidewater Fund 4", "lei": "5299FIORDBANK0000089"},
            {"full_name": "Tidewater Fund 5", "lei": "5299FIORDBANK0000089"},
            True,
        ),
    ],
    ids=[
        "figures",
        "Roman",
        "ordinals",
        "within a word",
        "two ways to write one",
        "one without",
        "an identifier agrees",
    ],
)
def test_what_only_a_number_tells_apart_is_not_joined_by_itself(
    one: dict[str, Any], other: dict[str, Any], expected: bool
) -> None:
    assert joined(firms(one, other), eager()) is expected
    explained = explain(eager(), firms(one, other), "v")
    assert (explained.band == "automatic") is expected
    assert ("different numbers" in explained.still) is not expected


def test_one_source_may_be_asked_for_more() -> None:
    model = eager()
    strict = replace(model, thresholds=replace(model.thresholds, same_source=200.0))
    within, across = firms({"source": "crm"}, {"source": "crm"}), firms({"source": "crm"}, {"source": "dnb"})
    assert joined(within, model)
    assert not joined(within, strict)
    assert joined(across, strict)


def test_a_pair_has_the_band_that_it_has_among_all() -> None:
    model = default_model().kinds[Kind.ORGANISATION]
    table = population(80)
    records = prepare(table.filter(pa.compute.equal(table.column("party_type"), "organisation")), Kind.ORGANISATION)
    count = len(records)
    left = pa.array([one for one in range(count) for _ in range(one + 1, count)]).to_numpy()
    right = pa.array([other for one in range(count) for other in range(one + 1, count)]).to_numpy()
    scored = score_pairs(model, records, (left, right))
    alone = [
        band_of(model, records, one, other, total)[0] == "automatic"
        for one, other, total in zip(left, right, scored.total, strict=True)
    ]
    assert automatic(model, records, scored).tolist() == alone


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({"full_name": "Quillfeather Dental", "phone": "", "email": ""}, False),
        ({"full_name": "Quillfeather Dental", "phone": "", "email": "", "website": "mall.example"}, False),
        ({"full_name": "Quillfeather Dental", "email": ""}, True),
        ({"full_name": "Aldershaw", "phone": "", "email": ""}, True),
        ({"full_name": "Quillfeather Insurance", "phone": "", "email": "", "website": "mall.example"}, False),
        ({"full_name": "Quillfeather Insurance", "email": ""}, True),
    ],
    ids=[
        "another name at the address",
        "its web site as well",
        "its phone as well",
        "a word of the name as well",
        "a usual word as well",
        "a usual word and its phone",
    ],
)
def test_who_has_nothing_but_a_place_in_common_is_no_question(other: dict[str, Any], expected: bool) -> None:
    model = default_model().kinds[Kind.ORGANISATION]
    model = replace(model, thresholds=replace(model.thresholds, automatic=60.0, review=-60.0))
    records = firms({"website": "mall.example"}, other)
    scored = score_pairs(model, records, (pa.array([0]).to_numpy(), pa.array([1]).to_numpy()))
    assert bool(asked(model, records, scored, automatic(model, records, scored))[0]) is expected
    assert (explain(model, records, "v").band == "review") is expected


@pytest.mark.parametrize(
    ("one", "other", "band"),
    [
        ({}, {"full_name": "Aldershaw Insurance Ltd"}, "automatic"),
        ({}, {"full_name": "Aldershaw Insurance Ltd", "street": "4 Tide Street", "city": "Newcastle"}, "automatic"),
        ({}, {}, "automatic"),
        ({"city": "Leeds"}, {"full_name": "Aldershaw Insurance Ltd"}, "review"),
    ],
    ids=["a name", "more than a name", "two bare ones", "one with a town"],
)
def test_a_record_that_has_nothing_but_an_lei_is_joined_by_it(one: dict[str, Any], other: dict[str, Any], band: str):
    model = default_model().kinds[Kind.ORGANISATION]
    model = replace(model, thresholds=replace(model.thresholds, automatic=8.0))  # more than an LEI alone gives
    lei = {**dict.fromkeys(BROKER), "lei": "5299FIORDBANK0000089"}
    records = firms({**lei, **one}, {**lei, **other})
    assert joined(records, model) is (band == "automatic")
    assert explain(model, records, "test").band == band
