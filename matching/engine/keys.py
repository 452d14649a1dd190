"""Blocking keys: two records are compared when they share one.

A key is a 64-bit hash over a rule and the parts it names, made from the record and the model alone. A key that is
over-full is not dropped but refined: joined with one more part of the record, and with a second and third if that is
over-full too. Over-full are the keys that the model lists, frozen on the records that it was made from; and of the
records at hand those that more of them share than their rule's `cap` allows. So which pairs are compared is a function
of the model and the set of records, in whichever order they came. What no refining makes smaller is left out where the
model lists it, and else paired among neighbours only.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from matching.engine.hashes import NONE, contains, distinct, mix, more_than
from matching.engine.parts import Parts
from matching.engine.prepared import Hashes, Rows, hash_texts
from matching.engine.rules import DEPTH, Rule, agreed, covered, refiners_of

# Tells of keys which are over-full; sorted.
Overfull = Callable[[Hashes], Hashes]
_NO_ROWS: Rows = np.empty(0, np.int64)
_NO_RULES = np.empty(0, np.int8)


@dataclass(frozen=True)
class Keys:
    """Record rows, their keys and the rules these were `made_by` (places in `rules`), aligned; a record's are distinct.

    `outgrown`: keys that are over-full though the model does not list them; they are here for the index, beside the
    refined ones that stand in for them. `exhausted`: those of them that cannot be refined any further. Both sorted.
    """

    rows: Rows
    keys: Hashes
    made_by: npt.NDArray[np.int8]
    rules: tuple[Rule, ...]
    outgrown: Hashes = field(default_factory=lambda: NONE)
    exhausted: Hashes = field(default_factory=lambda: NONE)

    @property
    def caps(self) -> npt.NDArray[np.int16]:
        """How many records each key may have before it is over-full."""
        return np.array([rule.cap for rule in self.rules], np.int16)[self.made_by]

    def paired(self) -> "Keys":
        """Without those that only the index needs."""
        used = ~contains(self.outgrown, self.keys) | contains(self.exhausted, self.keys)
        return replace(self.where(used), outgrown=NONE)

    def held_by(self, chosen: npt.NDArray[np.bool_]) -> "Keys":
        """Those that a row marked in `chosen` has, with all their rows."""
        return self.where(contains(distinct(self.keys[chosen[self.rows]]), self.keys))

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Keys":
        """Those that are marked in `chosen`."""
        return replace(self, rows=self.rows[chosen], keys=self.keys[chosen], made_by=self.made_by[chosen])


@dataclass(frozen=True)
class _Way:
    """Keys of the rule in place `rule` that were refined in one way: the same key comes by one way only."""

    rule: int
    rows: Rows
    keys: Hashes
    counted: npt.NDArray[np.bool_]  # finer than a key that all of its records are here of
    agreed: frozenset[str]  # the parts that they are made of
    refiners: Sequence[str]  # that are left

    def finer(
        self, full: npt.NDArray[np.bool_], parts: Parts, made_of: Sequence[frozenset[str]], crossed: Hashes
    ) -> Iterator["_Way"]:
        """The over-full keys, each joined with one more part: a way for each part that is left, but for those for
        which another of the rules, `made_of` these parts, does. Records that have none of the parts go one way."""
        rows, keys = self.rows[full], self.keys[full]
        counted, bare = self.counted[full] | contains(crossed, keys), np.ones(len(rows), bool)
        for index, name in enumerate(self.refiners):
            part = parts[name][rows]
            there = part > 0
            bare &= ~there
            if covered(agreed := self.agreed | {name}, parts.prepared.kind, self.rule, made_of):
                continue
            seeded = mix(part[there], np.full(int(there.sum()), _seed(name)))
            left = self.refiners[index + 1 :]
            yield _Way(self.rule, rows[there], mix(keys[there], seeded), counted[there], agreed, left)
        seeded = mix(keys[bare], np.full(int(bare.sum()), _seed("nothing more")))
        yield _Way(self.rule, rows[bare], seeded, counted[bare], self.agreed, ())


@lru_cache(maxsize=1_000)
def _seed(text: str) -> np.uint64:
    return np.uint64(hash_texts(np.array([text], dtype=object))[0])


def combine(parts: Parts, names: Sequence[str], seed: str) -> Hashes:
    """One hash a record over the named parts, 0 where one of them is missing."""
    value = np.full(len(parts.prepared), _seed(f"{parts.prepared.kind.value}: {seed}"))
    present = np.ones(len(parts.prepared), bool)
    for name in names:
        part = parts[name]
        present &= part > 0
        value = mix(value, part)
    return np.where(present, value, np.uint64(0))


def _unrefined(parts: Parts, rules: Sequence[Rule], only: Collection[int] | None, counted: bool) -> Iterator[_Way]:
    for number, rule in enumerate(rules):
        if only is None or number in only:
            own = combine(parts, rule.parts, rule.name)
            rows = np.flatnonzero(own)
            left = refiners_of(parts.prepared.kind, rule)
            yield _Way(number, rows, own[rows], np.full(len(rows), counted), agreed(rule.parts), left)


def make_keys(
    parts: Parts,
    rules: Sequence[Rule],
    listed: Hashes,
    overfull: Overfull | None = None,
    only: Collection[int] | None = None,
    crossed: Hashes = NONE,
) -> Keys:
    """All keys of all records (of the rules in the places `only`). `listed` are over-full (sorted), and those that
    `overfull` says of all keys that were refined equally often.

    Without it the rest is counted: what more of the records share than their rule allows. With it, only what is finer
    than the keys `crossed` is, all of whose records must be here.
    """
    rows, keys, made_by, outgrown, exhausted = [_NO_ROWS], [NONE], [_NO_RULES], [NONE], [NONE]
    made_of = [agreed(rule.parts) for rule in rules]
    ways = list(_unrefined(parts, rules, only, counted=overfull is None))
    for depth in range(DEPTH + 1):
        told = overfull(np.concatenate([NONE, *(way.keys for way in ways)])) if overfull else NONE
        following: list[_Way] = []
        for way in ways:
            known = contains(listed, way.keys)
            grown = contains(more_than(way.keys[way.counted & ~known], rules[way.rule].cap), way.keys)
            grown |= contains(told, way.keys) & ~known
            rows.append(way.rows[~known])
            keys.append(way.keys[~known])
            made_by.append(np.full(len(keys[-1]), way.rule, np.int8))
            outgrown.append(way.keys[grown])
            if not way.refiners or depth == DEPTH:
                exhausted.append(way.keys[grown])
            elif (full := known | grown).any():
                following += way.finer(full, parts, made_of, crossed)
        ways = following
    # Rules and refiners seed their keys, so a record has no key twice.
    return Keys(
        np.concatenate(rows),
        np.concatenate(keys),
        np.concatenate(made_by),
        tuple(rules),
        distinct(np.concatenate(outgrown)),
        distinct(np.concatenate(exhausted)),
    )


def freeze_overfull(parts: Parts, rules: Sequence[Rule]) -> Hashes:
    """The over-full keys of these records, sorted: what a model freezes. Refined keys too."""
    return make_keys(parts, rules, NONE).outgrown
