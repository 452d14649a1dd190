"""Records that say little: what they agree on is what found them, and they are told apart without an answer."""

from itertools import product

import numpy as np
import pyarrow as pa
import pytest

from matching.engine.adapt import adapt
from matching.engine.assess import assess
from matching.engine.columns import Records, conform
from matching.engine.local import match_all
from matching.engine.prepared import prepare
from matching.queries import default_model
from party_hub.domain.attributes import Kind

FIRST = [
    "Anna", "Bernd", "Clara", "Dieter", "Emma", "Fritz", "Greta", "Hans",
    "Ida", "Jonas", "Karla", "Lukas", "Marta", "Nils", "Olga", "Paul",
]  # fmt: skip
LAST = [
    "Abel", "Brandt", "Conrad", "Dahlke", "Engel", "Fuchs", "Gruber",
    "Hofmann", "Jansen", "Keller", "Lehmann", "Meyer", "Neumann", "Otto",
]  # fmt: skip
TREES = [
    "Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel",
    "Juniper", "Larch", "Maple", "Oak", "Pine", "Rowan", "Spruce", "Willow",
]  # fmt: skip
PLACES = [
    "Bridge", "Castle", "Dale", "Ferry", "Gate", "Harbour", "Island",
    "Lake", "Meadow", "Park", "Ridge", "Spring", "Tower", "Valley",
]  # fmt: skip
TRADES = [
    "Bakery", "Chemicals", "Dairy", "Foods", "Glass", "Insurance",
    "Joinery", "Leather", "Metals", "Optics", "Paper", "Shipping",
]  # fmt: skip


def people(count: int = 1_500) -> Records:
    """People of few names by name and birth alone, a fifth of them twice, with one mistake in either."""
    rows, truth = [], []
    rng = np.random.default_rng(7)
    for n in range(count):
        given, family = FIRST[rng.integers(len(FIRST))], LAST[rng.integers(len(LAST))]
        born = f"{rng.integers(1930, 2005)}-{rng.integers(1, 13):02d}-{rng.integers(10, 29):02d}"
        rows.append({"given_name": given, "family_name": family, "date_of_birth": born})
        if n % 5 == 0:
            wrong = born[:3] + str((int(born[3]) + 1) % 10) + born[4:]
            mistaken = n % 2
            rows.append({
                "given_name": given, "family_name": family[:-2] + family[-1] if mistaken else family,
                "date_of_birth": born if mistaken else wrong,
            })  # fmt: skip
        truth += [str(n)] * (len(rows) - len(truth))
    return _records(rows, truth, "individual")


def firms() -> Records:
    """Firms by name alone, a third of them twice: with another legal form, or with a slip of the pen."""
    rows, truth = [], []
    rng = np.random.default_rng(9)
    names = [" ".join(words) for words in product(TREES, PLACES, TRADES)]
    for n, at in enumerate(rng.permutation(len(names))[:900]):
        rows.append({"full_name": f"{names[at]} Ltd"})
        if n % 3 == 0:
            slip = names[at][:-3] + names[at][-2:] if n % 2 else names[at]
            rows.append({"full_name": f"{slip} Limited"})
        truth += [str(n)] * (len(rows) - len(truth))
    return _records(rows, truth, "organisation")


def _records(rows: list[dict[str, str]], truth: list[str], party_type: str) -> Records:
    table = [{"record_id": f"{at:05d}", "party_type": party_type, **row} for at, row in enumerate(rows)]
    return Records(conform(pa.Table.from_pylist(table)), truth)


@pytest.mark.parametrize(("records", "recall"), [(people(), 0.7), (firms(), 0.4)], ids=["people", "firms"])
def test_records_that_say_little_are_matched_without_an_answer(records: Records, recall: float) -> None:
    report = assess(records, default_model(), match_all, labels=0, seed=1)
    assert report["pairwise"]["recall"] > recall
    assert report["pairwise"]["precision"] > 0.9
    assert report["auto_band"]["precision"] > 0.99


def test_a_fit_to_records_that_say_little_depends_on_its_seed_alone() -> None:
    model = default_model().kinds[Kind.INDIVIDUAL]
    known = prepare(people().table, Kind.INDIVIDUAL)
    one, again = (adapt(model, known, seed=3) for _ in range(2))
    assert one.weights.tobytes() == again.weights.tobytes()
    assert one.prior == again.prior
