"""Learning: with dedupe from answers, and without any."""

import numpy as np
import pyarrow as pa
import pytest

from matching.engine.adapt import adapt
from matching.engine.additive import AdditiveClassifier
from matching.engine.assess import assess
from matching.engine.columns import Records, RecordsError, conform, read_records
from matching.engine.local import match_all
from matching.engine.prepared import prepare
from matching.engine.train import train
from matching.queries import default_model
from party_hub.domain.attributes import Kind

FIRST = [
    "Ada",
    "Ben",
    "Cleo",
    "Dan",
    "Eva",
    "Finn",
    "Gwen",
    "Hugo",
    "Iris",
    "Jonas",
    "Kira",
    "Liam",
    "Mona",
    "Nils",
    "Olga",
]
LAST = ["Abel", "Brandt", "Corvin", "Dahl", "Ekman", "Fontaine", "Gruber", "Holm", "Ivanov", "Jansen", "Keller", "Lund"]


def twins(count: int = 400) -> Records:
    """People each twice, the second time with a typo here and there."""
    rows, truth = [], []
    rng = np.random.default_rng(5)
    for n in range(count):
        given, family = FIRST[rng.integers(len(FIRST))], LAST[rng.integers(len(LAST))]
        born = f"{rng.integers(1940, 2000)}-{rng.integers(1, 13):02d}-{rng.integers(1, 28):02d}"
        for copy in range(2):
            typo = copy and n % 3 == 0
            rows.append({
                "record_id": f"{n:04d}{copy}", "party_type": "individual", "date_of_birth": born,
                "given_name": given, "family_name": family[:-1] if typo else family,
                "postcode": f"{10_000 + 7 * n}" if not copy or n % 4 else "", "city": "Bern" if n % 2 else "Basel",
                "phone": f"+4144{5_550_000 + 13 * n}" if n % 5 else "",
            })  # fmt: skip
            truth.append(str(n))
    return Records(conform(pa.Table.from_pylist(rows)), truth)


def test_a_model_learned_with_dedupe_finds_the_pairs() -> None:
    known = twins()
    model = train(known, labels=60, seed=1)
    report = assess(known, model, match_all, labels=0, seed=1)
    assert report["pairwise"]["f1"] > 0.97
    assert model.trained["individual"]["answers"] == 60
    assert model.trained["individual"]["predicates"]


def test_learning_twice_from_the_same_gives_the_same_model() -> None:
    known = twins(120)
    assert train(known, labels=30, seed=3).version == train(known, labels=30, seed=3).version


def test_a_model_fits_data_that_nobody_labelled() -> None:
    known = twins()
    report = assess(known, default_model(), match_all, labels=0, seed=1)
    assert report["pairwise"]["f1"] > 0.97
    assert report["auto_band"]["precision"] > 0.99
    assert report["pairwise"]["recall"] <= report["blocking"]["pairs_completeness"] <= 1
    assert 0.9 < report["blocking"]["reduction_ratio"] < 1


def test_answers_improve_what_was_fitted_without_any() -> None:
    report = assess(twins(), default_model(), match_all, labels=60, seed=1)
    assert report["pairwise"]["f1"] > 0.97


def test_too_little_data_leaves_the_weights_alone() -> None:
    model = default_model().kinds[Kind.INDIVIDUAL]
    few = prepare(twins(5).table, Kind.INDIVIDUAL)
    assert adapt(model, few).weights.tobytes() == model.weights.tobytes()


def test_without_answers_the_classifier_stays_where_it_starts() -> None:
    start = np.array([-1.0, 2.0, 0.5])
    fitted = AdditiveClassifier(start).fit(np.zeros((0, 2)), np.zeros(0))
    np.testing.assert_allclose(fitted.vector_, start)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name,cluster_id\nAnn,a\n", "record_id"),
        ("record_id,cluster_id\n1,a\n1,b\n", "occurs 2 times"),
        ("record_id\n1\n", "truth"),
        ("", "cannot read"),
        ("record_id,cluster_id\n", "no records"),
        ("record_id,cluster_id\n1,a\n,b\n", "row 2 has no record_id"),
        ("record_id,city,city,cluster_id\n1,a,b,c\n", "'city' occurs 2 times"),
    ],
)
def test_unusable_records_are_refused_with_the_reason(tmp_path, text: str, problem: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "records.csv"
    path.write_text(text)
    with pytest.raises(RecordsError, match=problem):
        read_records(path, "cluster_id")


def test_unknown_columns_are_named_and_passed_over(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "records.csv"
    path.write_text("record_id,shoe_size,full_name,cluster_id\n1,42,Ann Smith,a\n")
    read = read_records(path, "cluster_id")
    assert read.warnings == ["unknown column ignored: shoe_size"]
    assert read.truth == ["a"]


@pytest.mark.parametrize("kind", list(Kind))
def test_the_shipped_model_says_what_its_levels_are_called(kind: Kind) -> None:
    model = default_model().kinds[kind]
    for row, term in enumerate(model.terms):
        assert model.weights[row][1] >= 0, f"{term.label}: full agreement speaks against a match"
        for level in {len(term.levels) - 1} | term.against:
            assert model.weights[row][level] <= 0, f"{term.label}: disagreement speaks for a match"
    assert (model.slopes >= 0).all()


def test_a_bounded_fit_is_the_free_one_where_no_bound_is_met() -> None:
    rng = np.random.default_rng(3)
    features = rng.normal(size=(400, 3))
    same = rng.random(400) < 1 / (1 + np.exp(-(features @ [2.0, -1.0, 0.5] - 0.3)))
    start = np.zeros(4)
    free = AdditiveClassifier(start, spread=2.0).fit(features, same).vector_
    wide = AdditiveClassifier(start, spread=2.0, bounds=[(-99.0, 99.0)] * 4).fit(features, same).vector_
    tight = AdditiveClassifier(start, spread=2.0, bounds=[(None, None), (None, 0.0), (None, None), (None, None)])
    assert wide == pytest.approx(free, abs=1e-3)
    assert tight.fit(features, same).vector_[1] == 0.0
