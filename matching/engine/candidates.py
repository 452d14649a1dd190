"""Records of one kind made ready for learning or matching: forms, keys, candidate pairs, each step timed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from matching.engine.keys import Keys, make_keys
from matching.engine.model import KindModel
from matching.engine.pairs import PairRows, pairs_of
from matching.engine.parts import Parts
from matching.engine.prepared import Prepared, Rows

_FEW = 20_000  # records


@dataclass
class Stages:
    """Seconds by name of stage, summed up where a stage comes again."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        """Adds the time that the block takes to stage `name`."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, time.perf_counter() - began)

    def add(self, name: str, seconds: float) -> None:
        """Adds so many seconds to stage `name`."""
        self.seconds[name] = self.seconds.get(name, 0.0) + seconds

    def rounded(self) -> dict[str, float]:
        return {name: round(seconds, 3) for name, seconds in self.seconds.items()}


def keys_of(model: KindModel, records: Prepared) -> Keys:
    """The keys of some records out of many."""
    return make_keys(Parts(records, model.frequencies), model.rules, model.overfull, lambda _: model.outgrown)


def keys_of_all(model: KindModel, records: Prepared) -> Keys:
    """The keys of records that are all there are of their kind: what is over-full among them is refined."""
    return make_keys(Parts(records, model.frequencies), model.rules, model.overfull)


@dataclass(frozen=True)
class SomePairs:
    """Candidate pairs out of all that there are; they stand for `out_of` pairs, candidates or not."""

    left: Rows
    right: Rows
    out_of: float

    def __len__(self) -> int:
        return len(self.left)


def some_pairs(model: KindModel, records: Prepared, most: int, seed: int) -> SomePairs:
    """At most about `most` candidate pairs, drawn at random: of many records, the pairs of a random few."""
    keys, rng = keys_of_all(model, records).paired(), np.random.default_rng(seed)
    few = np.zeros(len(records), bool)
    few[rng.permutation(len(records))[:_FEW]] = True
    left, right = pairs_of(keys if len(records) <= _FEW else keys.held_by(few), len(records))
    chosen = np.flatnonzero(few[left] | few[right])
    rest = len(records) - int(few.sum())
    out_of = (len(records) * (len(records) - 1) - rest * (rest - 1)) / 2
    if len(chosen) > most:
        out_of *= most / len(chosen)
        chosen = np.sort(rng.choice(chosen, most, replace=False))
    return SomePairs(left[chosen], right[chosen], out_of)


def candidate_pairs(model: KindModel, records: Prepared) -> PairRows:
    """Distinct pairs of rows that share a key, of records that are all there are."""
    return pairs_of(keys_of_all(model, records).paired(), len(records))
