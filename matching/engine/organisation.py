"""Comparing organisations by name: the spelling as a whole, the words they share, and the words that only one has."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA, JaroWinkler

from matching.engine.compare import (
    EXACT,
    DistinctPairs,
    Levels,
    PairView,
    Term,
    Texts,
    distinct_pairs,
    first_of,
    lengths,
    score,
)
from matching.engine.frequencies import Frequencies, Rarity
from matching.engine.hashes import contains, distinct
from matching.engine.prepared import Column, hash_texts
from matching.engine.text import sound

_NUMERALS = frozenset(
    ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "one", "two", "three", "four", "five"]
)
_STEP = 4  # words weigh rarity in quarters, as whole numbers: their sums do not depend on their order

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class WordList:
    """Words of the distinct names, flat: `starts[i]:starts[i + 1]` are those of name i; words go by their sound."""

    starts: Numbers
    sounds: Numbers
    weights: Numbers
    texts: npt.NDArray[np.object_]
    numeral: npt.NDArray[np.bool_]
    sizes: Numbers
    letters: npt.NDArray[np.uint64]  # a bit for each letter of the word; some letters share one


def _word_list(values: Texts, frequencies: Frequencies) -> WordList:
    split = [list(dict.fromkeys(value.split())) for value in values]
    flat = np.array([word for words in split for word in words], dtype=object)
    starts = np.concatenate([[0], np.cumsum([len(words) for words in split])]).astype(np.int64)
    at, different = pd.factorize(flat)
    rarity = frequencies.of_words(hash_texts(different))
    sounds = hash_texts(np.array([word if word in _NUMERALS else sound(word) for word in different], dtype=object))
    numeral = np.fromiter((word.isdigit() or word in _NUMERALS for word in different), bool, len(different))
    weights, sizes = np.rint(rarity * _STEP).astype(np.int64) + 1, lengths(different)
    letters = _letters(different, sizes)
    return WordList(starts, sounds.view(np.int64)[at], weights[at], flat, numeral[at], sizes[at], letters[at])


def _letters(words: Texts, sizes: Numbers) -> npt.NDArray[np.uint64]:
    """The letters of each word as bits: one that is set for one word alone stands for a letter that the other lacks."""
    if not len(words):
        return np.empty(0, np.uint64)
    signs = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    bits = np.uint64(1) << (signs % 64).astype(np.uint64)
    return np.asarray(np.bitwise_or.reduceat(bits, np.cumsum(sizes) - sizes), dtype=np.uint64)


def _words_of(column: Column, frequencies: Frequencies) -> WordList:
    holder = column.derive(
        "word list", lambda values: np.array([_word_list(values, frequencies)], dtype=object), owner=frequencies
    )
    found: WordList = holder[0]
    return found


@dataclass(frozen=True)
class NameEvidence:
    """What the distinct pairs of unlike names have in common, and apart, in word weights."""

    found: DistinctPairs
    shared: Numbers
    only_one: Numbers
    only_other: Numbers
    rest: Levels


def _expand(words: WordList, names: Numbers) -> tuple[Numbers, Numbers]:
    """For each name of `names` its words: (position in `names`, position in the flat list), flat."""
    counts = words.starts[names + 1] - words.starts[names]
    owner = np.repeat(np.arange(len(names)), counts)
    offset = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return owner, np.repeat(words.starts[names], counts) + offset


def _evidence(view: PairView) -> NameEvidence:
    """Shared and unshared words of each distinct pair. Worked out once a view."""
    if "organisation" not in view.memo:
        column = view.records["name"]
        one, other = view.codes("name")
        found = distinct_pairs(column, one, other, (one >= 0) & (other >= 0) & (one != other))
        view.memo["organisation"] = _compare_words(found, _words_of(column, view.frequencies))
    evidence: NameEvidence = view.memo["organisation"]
    return evidence


def _compare_words(found: DistinctPairs, words: WordList) -> NameEvidence:
    count = len(found.one)
    owner_a, flat_a = _expand(words, found.one)
    owner_b, flat_b = _expand(words, found.other)
    in_b = _common(owner_a, words.sounds[flat_a], owner_b, words.sounds[flat_b])
    in_a = _common(owner_b, words.sounds[flat_b], owner_a, words.sounds[flat_a])

    def total(owner: Numbers, flat: Numbers, held: npt.NDArray[np.bool_]) -> Numbers:
        return np.bincount(owner[held], words.weights[flat[held]], minlength=count).astype(np.int64)

    only_one, only_other = total(owner_a, flat_a, ~in_b), total(owner_b, flat_b, ~in_a)
    # Words that sound alike may be spelled, so weigh, differently on both sides: the lighter side counts.
    shared = np.minimum(total(owner_a, flat_a, in_b), total(owner_b, flat_b, in_a))
    left = LeftOver(words, owner_a[~in_b], flat_a[~in_b], count)
    right = LeftOver(words, owner_b[~in_a], flat_b[~in_a], count)
    return NameEvidence(found, shared, only_one, only_other, _grade_rest(only_one, only_other, left, right))


def _common(owner: Numbers, sounds: Numbers, other_owner: Numbers, other_sounds: Numbers) -> npt.NDArray[np.bool_]:
    """Which (owner, sound) of the first also occur in the second."""
    with np.errstate(over="ignore"):
        mine = sounds * np.int64(31) + owner * np.int64(0x1000003D)
        theirs = other_sounds * np.int64(31) + other_owner * np.int64(0x1000003D)
    return contains(distinct(theirs.view(np.uint64)), mine.view(np.uint64))


class LeftOver:
    """The words that one side of each of `count` pairs has alone: each by its pair and its place in the flat list."""

    def __init__(self, words: WordList, pair: Numbers, flat: Numbers, count: int) -> None:
        self._texts, self._flat = words.texts, flat
        self._bounds = np.searchsorted(pair, np.arange(count + 1))
        # Joined by spaces.
        self.sizes = np.bincount(pair, words.sizes[flat] + 1, minlength=count).astype(np.int64) - 1
        self.letters = np.zeros(count, np.uint64)
        first = self._bounds[:-1][self.sizes >= 0]
        if len(first):
            self.letters[self.sizes >= 0] = np.bitwise_or.reduceat(words.letters[flat], first)
        self.numbered = np.zeros(count, bool)
        self.numbered[pair[words.numeral[flat]]] = True

    def texts(self, rows: Numbers) -> Texts:
        """The words of these pairs, as one text each."""
        ends = zip(self._bounds[rows].tolist(), self._bounds[rows + 1].tolist(), strict=True)
        return np.array([" ".join(self._texts[self._flat[begin:end]]) for begin, end in ends], dtype=object)


def _may_be_alike(one: LeftOver, other: LeftOver) -> npt.NDArray[np.bool_]:
    """False where the letters that only one text has, and its length, rule out that `_alike` holds: most are so."""
    lacking = np.bitwise_count(one.letters & ~other.letters), np.bitwise_count(other.letters & ~one.letters)
    shorter = np.minimum(one.sizes, other.sizes)
    near = np.maximum(*lacking) <= 1 + shorter // 6
    common = np.minimum(one.sizes - lacking[0], other.sizes - lacking[1])
    # The highest Jaro similarity with so many letters in common; Winkler adds four tenths of what lacks at most.
    jaro = (common / np.maximum(one.sizes, 1) + common / np.maximum(other.sizes, 1) + 1) / 3
    return np.asarray((shorter > 0) & (near | (jaro > 0.86)), dtype=bool)


def _alike(left: Texts, right: Texts) -> npt.NDArray[np.bool_]:
    near = score(OSA.distance, left, right, np.int32) <= 1 + np.minimum(lengths(left), lengths(right)) // 6
    return np.asarray(near | (score(JaroWinkler.normalized_similarity, left, right) >= 0.92), dtype=bool)


NONE_LEFT, LIGHT_ONE, HEAVY_ONE, TYPO, LIGHT_BOTH, HEAVY_BOTH, NUMBERS = 1, 2, 3, 4, 5, 6, 7
REST_LEVELS = (
    "missing", "none", "a usual word in one", "a rare word in one", "likely a typo", "usual words in both",
    "rare words in both", "different numbers",
)  # fmt: skip
_HEAVY = 5 * _STEP


def _grade_rest(one: Numbers, other: Numbers, left: LeftOver, right: LeftOver) -> Levels:
    """What the words that are not shared say, by their weight on both sides and, where both have some, the words."""
    both = (one > 0) & (other > 0)
    numbers = both & (left.numbered | right.numbered)
    alike = np.zeros(len(one), bool)
    rows = np.flatnonzero(both & ~numbers & _may_be_alike(left, right))
    alike[rows] = _alike(left.texts(rows), right.texts(rows))
    heavier, lighter = np.maximum(one, other), np.minimum(one, other)
    return first_of(
        [
            (heavier == 0, NONE_LEFT),
            (numbers, NUMBERS),
            (alike, TYPO),
            (both & (lighter < _HEAVY), LIGHT_BOTH),
            (both, HEAVY_BOTH),
            (heavier < _HEAVY, LIGHT_ONE),
        ],
        HEAVY_ONE,
    )


SPELLING_LEVELS = (
    "missing",
    "same",
    "same but for spaces and order",
    "nearly the same",
    "close",
    "similar",
    "somewhat alike",
    "different",
)


def _spelling(view: PairView) -> tuple[Levels, Rarity]:
    found = _evidence(view).found
    one, other = view.codes("name")
    levels = np.where((one >= 0) & (one == other), EXACT, 0).astype(np.int8)
    if len(found.one):
        a, b = found.texts
        compact = found.column.derive(
            "sorted letters",
            lambda values: np.array(["".join(sorted(value.replace(" ", ""))) for value in values], dtype=object),
        )
        ratio = np.maximum(score(fuzz.token_sort_ratio, a, b), score(fuzz.ratio, a, b)) / 100
        graded = first_of(
            [
                ((compact[found.one] == compact[found.other]) & (ratio > 0.8), 2),
                (ratio >= 0.93, 3),
                (ratio >= 0.86, 4),
                (ratio >= 0.75, 5),
                (ratio >= 0.6, 6),
            ],
            7,
        )
        levels[found.rows] = graded[found.inverse]
    return levels, view.rarity("name")


USUAL = _HEAVY / (2 * _STEP)  # the rarity of shared words below which no rare word is among them
FEW = 5
WORD_LEVELS = ("missing", "all", "all of the shorter name", "most", "half", "few", "none")


def _shared_words(view: PairView) -> tuple[Levels, Rarity]:
    evidence = _evidence(view)
    one, other = view.codes("name")
    same = (one >= 0) & (one == other)
    levels = np.where(same, 1, 0).astype(np.int8)
    rarity = np.zeros(len(view))
    if same.any():
        words = _words_of(view.records["name"], view.frequencies)
        sums = np.add.reduceat(words.weights, words.starts[:-1]) if len(words.weights) else words.weights
        rarity[same] = sums[one[same]]
    found = evidence.found
    if len(found.one):
        shared, apart = evidence.shared, np.minimum(evidence.only_one, evidence.only_other)
        union = shared + evidence.only_one + evidence.only_other
        graded = first_of(
            [
                (shared == 0, 6),
                (evidence.only_one + evidence.only_other == 0, 1),
                (apart == 0, 2),
                (3 * shared >= 2 * union, 3),
                (3 * shared >= union, 4),
            ],
            5,
        )
        levels[found.rows] = graded[found.inverse]
        rarity[found.rows] = shared[found.inverse]
    return levels, np.minimum(rarity / (2 * _STEP), 10.0)


def _rest(view: PairView) -> tuple[Levels, Rarity]:
    evidence = _evidence(view)
    one, other = view.codes("name")
    levels = np.where((one >= 0) & (one == other), NONE_LEFT, 0).astype(np.int8)
    if len(evidence.found.one):
        levels[evidence.found.rows] = evidence.rest[evidence.found.inverse]
    return levels, np.zeros(len(view))


ORGANISATION_TERMS: tuple[Term, ...] = (
    Term("name", "Name", SPELLING_LEVELS, _spelling, frozenset({1, 2, 3, 4}), group="name"),
    Term(
        "name_words",
        "Words in common",
        WORD_LEVELS,
        _shared_words,
        frozenset({1, 2, 3, 4, FEW}),
        against=frozenset({FEW}),
        group="name",
    ),
    Term("other_words", "Words not in common", REST_LEVELS, _rest, against=frozenset({HEAVY_BOTH}), group="name"),
)
