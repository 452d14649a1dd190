"""Comparing people: given, middle and family name in either order, generation, date of birth."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pandas as pd
from rapidfuzz.distance import OSA, JaroWinkler, Prefix

from matching.engine.compare import (
    EXACT,
    DistinctPairs,
    Levels,
    PairView,
    Term,
    Texts,
    first_of,
    graded,
    lengths,
    score,
)
from matching.engine.frequencies import Rarity
from matching.engine.prepared import Column, Rows
from matching.engine.text import nickname_groups, sound

NICKNAME, INITIAL, CLOSE, SIMILAR, PARTIAL, DIFFERENT = 2, 3, 4, 5, 6, 7
NAME_LEVELS = (
    "missing",
    "same",
    "usual short form",
    "initial",
    "close",
    "sounds or looks alike",
    "shares a part",
    "different",
)


def grade_names(one: Texts, other: Texts) -> Levels:
    """How alike two unlike names are."""
    edits = score(OSA.distance, one, other, np.int32)
    looks = score(JaroWinkler.normalized_similarity, one, other)
    codes, names = pd.factorize(np.concatenate([one, other]))
    a, b = codes[: len(one)], codes[len(one) :]
    sizes = lengths(names)
    shorter = np.minimum(sizes[a], sizes[b])
    close = ((edits <= 1) & (shorter >= 3)) | ((edits <= 2) & (shorter >= 7))
    starts = np.array([name[0] for name in names], dtype=object)
    same_start = starts[a] == starts[b]
    initial = (shorter == 1) & same_start
    spaced = np.fromiter((" " in name for name in names), bool, len(names))
    several = spaced[a] | spaced[b]
    rows = np.flatnonzero(~close & ~initial & several)
    part = np.zeros(len(one), bool)
    part[rows] = _each(lambda x, y: not set(x.split()).isdisjoint(y.split()), one[rows], other[rows])
    sounds = looks >= 0.88
    rows = np.flatnonzero(~close & ~initial & ~sounds & ~several & same_start)
    sounds[rows] = _each(lambda x, y: sound(x) == sound(y), one[rows], other[rows])
    short_form = _short_forms(one, other, names, a, b) & ~close & ~initial
    conditions = [(short_form, NICKNAME), (initial, INITIAL), (close, CLOSE), (sounds, SIMILAR), (part, PARTIAL)]
    return first_of(conditions, DIFFERENT)


def _each(test: Callable[[str, str], bool], one: Texts, other: Texts) -> npt.NDArray[np.bool_]:
    return np.fromiter((test(a, b) for a, b in zip(one, other, strict=True)), np.bool_, len(one))


def _short_forms(one: Texts, other: Texts, names: Texts, a: Rows, b: Rows) -> npt.NDArray[np.bool_]:
    """Bill and William; Rob and Robert. The first word counts where there are several. `a` and `b` are the places of
    the two sides among the distinct `names`."""
    first = [name.partition(" ")[0] for name in names]
    known = np.fromiter((bool(nickname_groups(word)) for word in first), bool, len(names))
    found = np.zeros(len(one), bool)
    for row in np.flatnonzero(known[a] & known[b]):
        x, y = first[a[row]], first[b[row]]
        found[row] = x != y and not nickname_groups(x).isdisjoint(nickname_groups(y))
    sizes = lengths(names)
    single = np.fromiter((" " not in name for name in names), bool, len(names))
    # Of two texts of one length neither starts with the other, because they differ.
    longer_single = np.where(sizes[a] > sizes[b], single[a], single[b])
    shorter = np.minimum(sizes[a], sizes[b])
    begins = score(Prefix.similarity, one, other, np.int32) == shorter
    return np.asarray(found | (begins & longer_single & (shorter >= 3)), dtype=bool)


def _grade(found: DistinctPairs) -> Levels:
    return grade_names(*found.texts)


def _crossed(view: PairView, given: Levels, family: Levels) -> tuple[Rows, Levels, Levels]:
    """Pairs whose names agree better crosswise (one source swapped them): their positions and crossed levels."""
    names, families = view.records["given"], view.records["family"]
    given_hash, family_hash = names.take(names.hashes), families.take(families.hashes)
    one_way = (given_hash[view.left] == family_hash[view.right]) & (given_hash[view.left] > 0)
    other_way = (family_hash[view.left] == given_hash[view.right]) & (family_hash[view.left] > 0)
    doubtful = (given != EXACT) & (family != EXACT) & (given > 0) & (family > 0)
    rows = np.flatnonzero(doubtful & (one_way | other_way))
    if not len(rows):
        return rows, given[:0], family[:0]
    first = _cross_levels(names, view.left[rows], families, view.right[rows])
    second = _cross_levels(names, view.right[rows], families, view.left[rows])
    # Which of the two becomes "given" must not depend on the sides: the better one stands for the family name.
    better, worse = np.minimum(first, second), np.maximum(first, second)
    gain = (better.astype(int) + worse) < (given[rows].astype(int) + family[rows])
    return rows[gain], worse[gain], better[gain]


def _cross_levels(names: Column, one_rows: Rows, families: Column, other_rows: Rows) -> Levels:
    """How alike given names are to family names."""
    one, other = names.values[names.codes[one_rows]], families.values[families.codes[other_rows]]
    swap = _each(lambda a, b: a > b, one, other)
    first, second = np.where(swap, other, one), np.where(swap, one, other)
    return np.where(first == second, np.int8(EXACT), grade_names(first, second)).astype(np.int8)


def _names(view: PairView) -> tuple[Levels, Levels, npt.NDArray[np.bool_]]:
    """Levels of given and family name, and where they were crossed. Worked out once a view."""
    if "person" not in view.memo:
        given, family = graded(view, "given", _grade), graded(view, "family", _grade)
        rows, crossed_given, crossed_family = _crossed(view, given, family)
        given[rows], family[rows] = crossed_given, crossed_family
        crossed = np.zeros(len(view), bool)
        crossed[rows] = True
        view.memo["person"] = given, family, crossed
    names: tuple[Levels, Levels, npt.NDArray[np.bool_]] = view.memo["person"]
    return names


def _given(view: PairView) -> tuple[Levels, Rarity]:
    return _names(view)[0], view.rarity("given")


def _family(view: PairView) -> tuple[Levels, Rarity]:
    return _names(view)[1], view.rarity("family")


def _order(view: PairView) -> tuple[Levels, Rarity]:
    given, family, crossed = _names(view)
    levels = first_of([((given == 0) | (family == 0), 0), (crossed, 2)], 1)
    return levels, np.zeros(len(view))


def _middle(view: PairView) -> tuple[Levels, Rarity]:
    levels = graded(view, "middle", _grade)
    return levels, view.rarity("middle")


def _generation(view: PairView) -> tuple[Levels, Rarity]:
    one, other = view.codes("generation")
    levels = first_of([((one < 0) & (other < 0), 0), ((one < 0) | (other < 0), 3), (one == other, 1)], 2)
    return levels, np.zeros(len(view))


DATE_LEVELS = (
    "missing", "same", "same, a New Year's Day", "day and month swapped", "one digit off", "same year, day unknown",
    "two digits off", "two parts same", "same year", "different",
)  # fmt: skip


def _date_digits(values: Texts) -> npt.NDArray[np.uint8]:
    if not len(values):
        return np.empty((0, 8), np.uint8)
    return np.frombuffer("".join(values).encode("ascii"), np.uint8).reshape(len(values), 8) - 48


def _date_of_birth(view: PairView) -> tuple[Levels, Rarity]:
    column = view.records["date_of_birth"]
    one, other = view.codes("date_of_birth")
    levels = np.zeros(len(view), np.int8)
    rows = np.flatnonzero((one >= 0) & (other >= 0))
    if len(rows):
        digits = column.derive("digits", _date_digits)
        levels[rows] = _grade_dates(digits[one[rows]], digits[other[rows]])
    return levels, view.rarity("date_of_birth")


def _grade_dates(a: npt.NDArray[np.generic], b: npt.NDArray[np.generic]) -> Levels:
    off = (a != b).sum(axis=1)
    year, month, day = ((a[:, part] == b[:, part]).all(axis=1) for part in (slice(0, 4), slice(4, 6), slice(6, 8)))
    swapped = year & (a[:, 4:6] == b[:, 6:8]).all(axis=1) & (a[:, 6:8] == b[:, 4:6]).all(axis=1)
    new_year = np.array([0, 1, 0, 1], dtype=np.uint8)
    first_a, first_b = (a[:, 4:] == new_year).all(axis=1), (b[:, 4:] == new_year).all(axis=1)
    parts = year.astype(int) + month + day
    return first_of(
        [
            ((off == 0) & first_a, 2),
            (off == 0, 1),
            (swapped, 3),
            (year & (first_a | first_b), 5),
            (off == 1, 4),
            (off == 2, 6),
            (parts == 2, 7),
            (year, 8),
        ],
        9,
    )


_AGREEING = frozenset({EXACT, NICKNAME, INITIAL, CLOSE, SIMILAR, PARTIAL})
PERSON_TERMS: tuple[Term, ...] = (
    Term("given_name", "Given name", NAME_LEVELS, _given, _AGREEING, group="name"),
    Term("middle_name", "Middle name", NAME_LEVELS, _middle, frozenset({EXACT}), group="name"),
    Term("family_name", "Family name", NAME_LEVELS, _family, _AGREEING, group="name"),
    Term("name_order", "Order of names", ("missing", "same", "swapped"), _order, group="name"),
    Term("generation", "Generation (Jr, Sr)", ("missing", "same", "different", "one only"), _generation, group="name"),
    Term("date_of_birth", "Date of birth", DATE_LEVELS, _date_of_birth, frozenset({EXACT})),
)
