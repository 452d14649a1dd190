"""The laws of a score: the same on both sides, in any company, in Spark and out of a file."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.adapt import freeze
from matching.engine.candidates import Stages, candidate_pairs
from matching.engine.columns import kind_mask
from matching.engine.local import match_all
from matching.engine.model import KindModel, Model, ModelError, load, save
from matching.engine.prepared import Prepared, prepare
from matching.engine.score import score_pairs
from matching.queries import default_model
from party_hub.domain.attributes import Kind
from tests.matching.engine.people_and_firms import population

KINDS = list(Kind)


def records_of(kind: Kind, count: int = 300, seed: int = 1) -> Prepared:
    table = population(count, seed)
    return prepare(table.filter(kind_mask(table, kind)), kind)


def keep_all(model: KindModel) -> KindModel:
    return replace(model, thresholds=replace(model.thresholds, review=-1e9))


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_pair_scores_the_same_from_either_side(kind: Kind, seed: int) -> None:
    records = records_of(kind, 60, seed)
    left, right = np.triu_indices(len(records), 1)
    model = default_model().kinds[kind]
    one, other = score_pairs(model, records, (left, right)), score_pairs(model, records, (right, left))
    assert one.total.tobytes() == other.total.tobytes()
    assert one.contributions.tobytes() == other.contributions.tobytes()


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_pair_scores_the_same_in_any_company(kind: Kind, seed: int) -> None:
    table = population(80, seed)
    table = table.filter(kind_mask(table, kind))
    model = default_model().kinds[kind]
    left, right = np.triu_indices(table.num_rows, 1)
    together = score_pairs(model, prepare(table, kind), (left, right))
    picked = np.random.default_rng(seed).choice(len(left), 15, replace=False)
    for index in picked:
        alone = prepare(table.take([right[index], left[index]]), kind)
        assert score_pairs(model, alone, (np.array([0]), np.array([1]))).total[0] == together.total[index]


@pytest.mark.parametrize("kind", KINDS)
def test_contributions_and_prior_add_up_to_the_total(kind: Kind) -> None:
    records, model = records_of(kind), default_model().kinds[kind]
    scored = score_pairs(model, records, candidate_pairs(model, records))
    assert len(scored)
    np.testing.assert_allclose(model.prior + scored.contributions.sum(axis=1), scored.total, atol=1e-4)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.floats(0, 1))
def test_pairs_that_are_dropped_on_the_way_are_those_below_the_threshold(kind: Kind, seed: int, share: float) -> None:
    records, model = records_of(kind, 80, seed), default_model().kinds[kind]
    pairs = np.triu_indices(len(records), 1)
    every = score_pairs(model, records, pairs)
    for least in (float(np.quantile(every.total, share)), 1e9):
        some, wanted = score_pairs(model, records, pairs, keep_from=least), every.where(every.total >= least)
        for name in ("left", "right", "total", "contributions"):
            assert getattr(some, name).tobytes() == getattr(wanted, name).tobytes()


@pytest.mark.spark
@pytest.mark.parametrize("kind", KINDS)
def test_spark_finds_the_same_pairs_with_the_same_bits(kind: Kind) -> None:
    from django.conf import settings as hub

    from matching.engine.spark import SparkRunner

    records = records_of(kind, 1_000)
    model = keep_all(freeze(default_model().kinds[kind], records))
    runner = SparkRunner(hub.SPARK_MASTER, hub.SPARK_DRIVER_MEMORY, hub.JAVA_HOME)
    (one, compared), (other, as_many) = match_all(model, records, Stages()), runner(model, records, Stages())
    assert compared == as_many > 0
    assert one.left.tolist() == other.left.tolist()
    assert one.right.tolist() == other.right.tolist()
    assert one.total.tobytes() == other.total.tobytes()
    assert one.contributions.tobytes() == other.contributions.tobytes()


def test_a_model_survives_its_file(tmp_path: Path) -> None:
    model = default_model()
    save(model, tmp_path / "model.json.gz")
    again = load(tmp_path / "model.json.gz")
    assert again.version == model.version == replace(again).version
    save(model, tmp_path / "again.json.gz")
    assert (tmp_path / "again.json.gz").read_bytes() == (tmp_path / "model.json.gz").read_bytes()


def test_an_altered_model_is_refused() -> None:
    data = default_model().to_json()
    data["kinds"]["individual"]["prior"] += 1
    with pytest.raises(ModelError, match="altered"):
        Model.from_json(data)
