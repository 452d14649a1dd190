"""Blocking keys: two records are compared when they share one.

A key is a 64-bit hash over a rule and the parts it names, made from the record and the model alone. A key that is
over-full is not dropped but refined: joined with one more part of the record, and with a second and third if that is
over-full too. Over-full are the keys that the model lists, frozen on the records that it was made from; and of the
records at hand those that more of them share than their rule's `cap` allows. So which pairs are compared is a function
of the model and the set of records, in whichever order they came. What no refining makes smaller is left out where the
model lists it, and else paired among neighbours only.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from matching.engine.hashes import NONE, contains, distinct, mix, more_than
from matching.engine.parts import Parts
from matching.engine.prepared import Hashes, Rows, hash_texts
from matching.engine.rules import DEPTH, Rule, agreed, covered, refiners_of

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

    def remade(self, again: "Keys", numbers: Collection[int]) -> "Keys":
        """These keys, but those of the rules in the places `numbers` as they are in `again`."""
        kept = self.where(~np.isin(self.made_by, list(numbers)))
        return Keys(
            np.concatenate([kept.rows, again.rows]),
            np.concatenate([kept.keys, again.keys]),
            np.concatenate([kept.made_by, again.made_by]),
            self.rules,
            np.union1d(kept.outgrown, again.outgrown),
            np.union1d(kept.exhausted, again.exhausted),
        )

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Keys":
        """Those that are marked in `chosen`."""
        return replace(self, rows=self.rows[chosen], keys=self.keys[chosen], made_by=self.made_by[chosen])


@dataclass(frozen=True)
class _Level:
    """Keys of one rule that were refined in one way: which of them are over-full, and which more refiners there are."""

    rows: Rows
    keys: Hashes
    counted: npt.NDArray[np.bool_]  # finer than a key that all of its records are here of
    listed: npt.NDArray[np.bool_]  # over-full by the model
    outgrown: npt.NDArray[np.bool_]  # over-full by the records
    agreed: frozenset[str]  # the parts that they are made of
    refiners: Sequence[str]

    @property
    def full(self) -> npt.NDArray[np.bool_]:
        return self.listed | self.outgrown

    def finer(self, parts: Parts, crossed: Hashes, others: Sequence[frozenset[str]]) -> Iterator["_Way"]:
        """The over-full keys, each joined with one more part: a batch for each part that is left, but for those that
        one of the `others` makes, too."""
        rows, keys = self.rows[self.full], self.keys[self.full]
        counted = self.counted[self.full] | contains(crossed, keys)
        for index, name in enumerate(self.refiners):
            if covered(agreed := self.agreed | {name}, parts.prepared.kind, others):
                continue
            part = parts[name][rows]
            there = part > 0
            seeded = mix(part[there], np.full(int(there.sum()), _seed(name)))
            yield rows[there], mix(keys[there], seeded), counted[there], agreed, self.refiners[index + 1 :]


_Way = tuple[Rows, Hashes, npt.NDArray[np.bool_], frozenset[str], Sequence[str]]


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


def _levels(
    parts: Parts,
    rule: Rule,
    others: Sequence[frozenset[str]],
    listed: Hashes,
    outgrown: Hashes | None,
    crossed: Hashes,
) -> Iterator[_Level]:
    """The keys of a rule, refined level by level, without those that one of the `others` makes, too. Over-full is what
    `outgrown` says, and of keys finer than `crossed` (without `outgrown` of all) what occurs more often than the
    rule's cap.

    The same key comes by one way only, so each way can be counted by itself.
    """
    kind = parts.prepared.kind
    own = combine(parts, rule.parts, rule.name)
    rows = np.flatnonzero(own)
    everywhere = np.full(len(rows), outgrown is None)
    ways: list[_Way] = [(rows, own[rows], everywhere, agreed(rule.parts), refiners_of(kind, rule))]
    told = NONE if outgrown is None else outgrown
    for depth in range(DEPTH + 1):
        following: list[_Way] = []
        for at, keys, counted, of, left in ways:
            known = contains(listed, keys)
            grown = contains(told, keys) | contains(more_than(keys[counted & ~known], rule.cap), keys)
            level = _Level(at, keys, counted, known, grown, of, left if depth < DEPTH else ())
            yield level
            if level.full.any():
                following += list(level.finer(parts, crossed, others))
        ways = following


def make_keys(
    parts: Parts,
    rules: Sequence[Rule],
    listed: Hashes,
    outgrown: Hashes | None = None,
    only: Collection[int] | None = None,
    crossed: Hashes = NONE,
) -> Keys:
    """All keys of all records (of the rules in the places `only`). `listed` and `outgrown` are over-full (sorted).

    Without `outgrown` these are counted: what more of the records share than their rule allows. With it, only what is
    finer than the keys `crossed` is counted, all of whose records must be here.
    """
    rows, keys, made_by, grown, exhausted = [_NO_ROWS], [NONE], [_NO_RULES], [NONE], [NONE]
    made_of = [agreed(rule.parts) for rule in rules]
    for number in range(len(rules)) if only is None else sorted(only):
        others = made_of[:number] + made_of[number + 1 :]
        for level in _levels(parts, rules[number], others, listed, outgrown, crossed):
            rows.append(level.rows[~level.listed])
            keys.append(level.keys[~level.listed])
            made_by.append(np.full(len(keys[-1]), number, np.int8))
            grown.append(level.keys[level.outgrown])
            if not level.refiners:
                exhausted.append(level.keys[level.outgrown])
    # Rules and refiners seed their keys, so a record has no key twice.
    return Keys(
        np.concatenate(rows),
        np.concatenate(keys),
        np.concatenate(made_by),
        tuple(rules),
        distinct(np.concatenate(grown)),
        distinct(np.concatenate(exhausted)),
    )


def freeze_overfull(parts: Parts, rules: Sequence[Rule]) -> Hashes:
    """The over-full keys of these records, sorted: what a model freezes. Refined keys too."""
    return make_keys(parts, rules, NONE).outgrown
