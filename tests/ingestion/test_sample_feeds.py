"""Sample feeds: the same for the same seed, believable, with true check digits, and with the truth about them."""

import csv
import json
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from stdnum import lei

from ingestion.sample import Written, write_sample
from party_hub.domain.canonical.values import script
from party_hub.domain.identifiers import normalise

FILES = ("crm.csv", "dnb.csv", "markit.xml", "events.jsonl", "truth.csv")


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Written]:
    """Two thousand records."""
    folder = tmp_path_factory.mktemp("sample")
    return folder, write_sample(records=2_000, seed=7, out=folder)


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_gives_the_same_bytes(sample: tuple[Path, Written], tmp_path: Path) -> None:
    write_sample(records=2_000, seed=7, out=tmp_path)
    assert all((tmp_path / name).read_bytes() == (sample[0] / name).read_bytes() for name in FILES)


def test_another_seed_gives_another_population(sample: tuple[Path, Written], tmp_path: Path) -> None:
    write_sample(records=2_000, seed=8, out=tmp_path)
    assert (tmp_path / "crm.csv").read_bytes() != (sample[0] / "crm.csv").read_bytes()


def test_the_three_files_hold_exactly_as_many_records_as_asked_for(sample: tuple[Path, Written]) -> None:
    folder, written = sample
    entities = ElementTree.parse(folder / "markit.xml").getroot().findall("entity")
    counted = len(rows(folder, "crm.csv")), len(rows(folder, "dnb.csv")), len(entities)
    assert counted == (written.crm, written.dnb, written.markit)
    assert sum(counted) == 2_000


def test_the_truth_knows_every_key_once(sample: tuple[Path, Written]) -> None:
    folder, _ = sample
    known = Counter((row["source"], row["key"]) for row in rows(folder, "truth.csv"))
    keys = {("crm", row["CUSTOMER_ID"]) for row in rows(folder, "crm.csv")}
    keys |= {("dnb", row["DUNS_NUMBER"]) for row in rows(folder, "dnb.csv")}
    keys |= {
        ("markit", one.findtext("entityId") or "") for one in ElementTree.parse(folder / "markit.xml").iter("entity")
    }
    keys |= {("events", json.loads(line)["key"]) for line in (folder / "events.jsonl").read_text().splitlines()}
    assert set(known) == keys
    assert set(known.values()) == {1}


def test_check_digits_are_true_but_for_a_few_on_purpose(sample: tuple[Path, Written]) -> None:
    folder, _ = sample
    leis = [text for one in ElementTree.parse(folder / "markit.xml").iter("lei") if (text := one.text)]
    assert len(leis) > 50
    assert sum(not lei.is_valid(text) for text in leis) <= 0.03 * len(leis)
    taxed = [row for row in rows(folder, "crm.csv") if row["TAX_NO"]]
    found = [normalise("tax_id", row["TAX_NO"], row["TAX_COUNTRY"]) for row in taxed]
    wrong = sum(one is not None and one.valid is False for one in found)
    assert 0 < wrong < 0.08 * len(taxed)


def test_names_come_in_many_scripts_and_some_are_far_commoner_than_others(sample: tuple[Path, Written]) -> None:
    people = [row for row in rows(sample[0], "crm.csv") if row["CUSTOMER_TYPE"] == "P"]
    assert {"Latn", "Cyrl", "Grek", "Hani", "Arab"} <= {script(row["LAST_NAME"]) for row in people}
    families = Counter(row["LAST_NAME"].casefold() for row in people)
    assert families.most_common(1)[0][1] > 5 * sorted(families.values())[len(families) // 2]


def test_parties_are_held_several_times(sample: tuple[Path, Written]) -> None:
    sizes = Counter(Counter(row["party"] for row in rows(sample[0], "truth.csv")).values())
    assert sizes[1] > sizes[2] > sizes[3] > 0


def test_companies_have_parents_and_people_employers_that_the_sample_knows(sample: tuple[Path, Written]) -> None:
    folder, _ = sample
    companies = {row["DUNS_NUMBER"]: row for row in rows(folder, "dnb.csv")}
    daughters = [row for row in companies.values() if row["PARENT_DUNS"] not in ("", row["DUNS_NUMBER"])]
    assert len(daughters) > 0.1 * len(companies)
    for row in daughters:
        parent = companies.get(row["PARENT_DUNS"])
        assert parent is None or parent["GLOBAL_ULTIMATE_DUNS"] == row["GLOBAL_ULTIMATE_DUNS"]
    employers = {row["EMPLOYER_DUNS"] for row in rows(folder, "crm.csv")} - {""}
    assert employers & companies.keys()
