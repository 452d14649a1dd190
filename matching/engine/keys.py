"""Blocking keys: two records are compared when they share one.

A key is a 64-bit hash over a rule and the parts it names, made from the record and the model alone; one record and a
batch agree on it. Keys that were over-full when the model was frozen are listed in it; such a key is not dropped but
refined: joined with one more part of the record, and with a second and third if that is over-full too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine.frequencies import Frequencies
from matching.engine.prepared import IDENTIFIERS, Column, Hashes, Prepared, Rows, hash_texts
from matching.engine.text import sound
from matching.engine.vocabulary.words import FREE_MAIL, ROLE_MAILBOXES
from party_hub.domain.attributes import Kind

_TABLE_BITS = 22
FEW = 1_000  # values that a binary search finds sooner than a table over their first bits is made
DEPTH = 3  # times that an over-full key is refined before it is given up


@dataclass(frozen=True)
class Rule:
    """Records that agree on all `parts` share a key; more than `cap` of them are over-full."""

    name: str
    parts: tuple[str, ...]
    cap: int = 30

    def to_json(self) -> list[object]:
        return [self.name, list(self.parts), self.cap]


_EXACT = (
    *(Rule(name, (name,), 60) for name in IDENTIFIERS),
    Rule("email", ("email",), 60),
    Rule("phone", ("phone",), 40),
)
RULES: dict[Kind, tuple[Rule, ...]] = {
    Kind.INDIVIDUAL: (
        *_EXACT,
        Rule("mailbox", ("mailbox",)),
        Rule("date of birth and family name", ("birth_date", "family_sound")),
        Rule("date of birth and given name", ("birth_date", "given_sound")),
        Rule("date of birth", ("birth_date",), 12),
        Rule("day of birth and names", ("birth_day", "names")),
        Rule("names", ("names",), 15),
        Rule("family name and postcode", ("family_sound", "postcode")),
        Rule("given name and postcode", ("given_sound", "postcode")),
        Rule("family name and city", ("family_sound", "city"), 15),
        Rule("family name and year", ("family_sound", "birth_year"), 15),
        Rule("given name and year", ("given_sound", "birth_year"), 12),
        Rule("address", ("house", "street_sound"), 20),
        Rule("postcode and house", ("postcode", "house"), 20),
        Rule("postcode and year", ("postcode", "birth_year"), 15),
        Rule("family name and initial", ("family_sound", "given_initial"), 12),
    ),
    Kind.ORGANISATION: (
        *_EXACT,
        Rule("domain", ("domain",), 40),
        Rule("name", ("name_sounds",), 30),
        Rule("first two words", ("word_1", "word_2"), 20),
        Rule("rarest two words", ("rare_1", "rare_2"), 20),
        Rule("rarest word", ("rare_1",), 15),
        Rule("first letters", ("letters",), 15),
        Rule("rarest word and postcode", ("rare_1", "postcode")),
        Rule("rarest word and city", ("rare_1", "city")),
        Rule("first word and postcode", ("word_1", "postcode")),
        Rule("first word and city", ("word_1", "city"), 20),
        Rule("acronym and postcode", ("acronym", "postcode"), 20),
        Rule("address", ("house", "street_sound"), 20),
        Rule("postcode and house", ("postcode", "house"), 20),
        Rule("postcode and street", ("postcode", "street_sound"), 20),
    ),
}
REFINERS: dict[Kind, tuple[str, ...]] = {
    Kind.INDIVIDUAL: ("given_sound", "family_sound", "birth_year", "postcode", "city", "house", "phone"),
    Kind.ORGANISATION: ("rare_1", "word_1", "postcode", "city", "house", "rare_2", "phone"),
}


def mix(left: Hashes, right: Hashes) -> Hashes:
    """One hash out of two, order-sensitive (the finaliser of SplitMix64 over their sum)."""
    with np.errstate(over="ignore"):
        value = left * np.uint64(0x9E3779B97F4A7C15) + right
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return value ^ (value >> np.uint64(31))


class Parts:
    """Hashes of the named parts of each record, 0 where a record has none; each is worked out once."""

    def __init__(self, prepared: Prepared, frequencies: Frequencies) -> None:
        self.prepared, self.frequencies = prepared, frequencies
        self._known: dict[str, Hashes] = {}

    def __getitem__(self, name: str) -> Hashes:
        if name not in self._known:
            made = _PARTS[name](self) if name in _PARTS else self.whole(name)
            self._known[name] = made
        return self._known[name]

    def whole(self, name: str) -> Hashes:
        """The field's value itself."""
        column = self.prepared.columns.get(name)
        return np.zeros(len(self.prepared), np.uint64) if column is None else _hashed(column, column.hashes)

    def made(self, name: str, label: str, make: Callable[[str], str]) -> Hashes:
        """A text made of each distinct value of a field; empty counts as missing."""
        column = self.prepared.columns.get(name)
        if column is None:
            return np.zeros(len(self.prepared), np.uint64)
        return _hashed(column, column.derive(label, lambda values: _hash_made(values, make)))

    def words(self) -> npt.NDArray[np.uint64]:
        """Four words of each organisation's name: the first two, and the two rarest (ties by hash)."""
        column = self.prepared["name"]
        return column.derive("words", lambda values: _chosen_words(values, self.frequencies), owner=self.frequencies)


def _hashed(column: Column, per_value: Hashes) -> Hashes:
    return np.asarray(column.take(per_value, 0), dtype=np.uint64)


def _hash_made(values: npt.NDArray[np.object_], make: Callable[[str], str]) -> Hashes:
    texts = np.array([make(value) for value in values], dtype=object)
    hashes = hash_texts(texts).copy()
    hashes[texts == ""] = 0
    return hashes


def _chosen_words(values: npt.NDArray[np.object_], frequencies: Frequencies) -> npt.NDArray[np.uint64]:
    split = [value.split() for value in values]
    distinct = sorted({word for text in split for word in text})
    number = {word: index for index, word in enumerate(distinct)}
    rarity = frequencies.of_words(hash_texts(np.array(distinct, dtype=object)))
    sounds = hash_texts(np.array([sound(word) for word in distinct], dtype=object))
    chosen = np.zeros((len(split), 4), np.uint64)
    for row, text in enumerate(split):
        first = [number[word] for word in text]
        rarest = sorted(dict.fromkeys(first), key=lambda index: (-rarity[index], int(sounds[index])))
        for column, index in enumerate(first[:2]):
            chosen[row, column] = sounds[index]
        for column, index in enumerate(rarest[:2]):
            chosen[row, 2 + column] = sounds[index]
    return chosen


def _word(index: int) -> Callable[[Parts], Hashes]:
    return lambda parts: _hashed(parts.prepared["name"], parts.words()[:, index])


def _names(parts: Parts) -> Hashes:
    """Given and family name in either order."""
    given, family = parts["given_sound"], parts["family_sound"]
    both = np.where((given > 0) & (family > 0), mix(np.minimum(given, family), np.maximum(given, family)), np.uint64(0))
    return both


def _mailbox(address: str) -> str:
    local = address.partition("@")[0]
    return "" if local in ROLE_MAILBOXES or len(local) < 6 else local


def _domain(parts: Parts) -> Hashes:
    """The site that an organisation's e-mail or web address names."""
    mail = parts.made(
        "email", "domain", lambda text: "" if text.partition("@")[2] in FREE_MAIL else text.partition("@")[2]
    )
    site = parts.whole("website")
    return np.where(site > 0, site, mail)


def _sorted_day(day: str) -> str:
    return day[:4] + "".join(sorted((day[4:6], day[6:8])))


_PARTS: dict[str, Callable[[Parts], Hashes]] = {
    "given_sound": lambda parts: parts.made("given", "sound", lambda text: sound(text.split()[0])),
    "given_initial": lambda parts: parts.made("given", "initial", lambda text: text[0]),
    "family_sound": lambda parts: parts.made("family", "sound", lambda text: sound(text.split()[-1])),
    "street_sound": lambda parts: parts.made("street", "sounds", lambda text: " ".join(map(sound, text.split()[:2]))),
    "names": _names,
    "birth_date": lambda parts: parts.made("date_of_birth", "sorted", _sorted_day),
    "birth_day": lambda parts: parts.made("date_of_birth", "day", lambda text: "".join(sorted((text[4:6], text[6:8])))),
    "birth_year": lambda parts: parts.made("date_of_birth", "year", lambda text: text[:4]),
    "mailbox": lambda parts: parts.made("email", "mailbox", _mailbox),
    "domain": _domain,
    "name_sounds": lambda parts: parts.made("name", "sounds", lambda text: " ".join(sorted(map(sound, text.split())))),
    "letters": lambda parts: parts.made("name", "letters", lambda text: text.replace(" ", "")[:7]),
    "acronym": lambda parts: parts.made("name", "acronym", lambda text: "".join(word[0] for word in text.split())),
    "word_1": _word(0),
    "word_2": _word(1),
    "rare_1": _word(2),
    "rare_2": _word(3),
}


@dataclass(frozen=True)
class Keys:
    """Record rows and their keys, aligned; a record's are distinct. `given_up` counts keys over-full to the end."""

    rows: Rows
    keys: Hashes
    given_up: int = 0


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


def make_keys(parts: Parts, rules: Sequence[Rule], overfull: Hashes) -> Keys:
    """All keys of all records: the rules' own, and refined ones in place of those in `overfull` (sorted)."""
    rows, keys, given_up = [], [], 0
    for rule in rules:
        own = combine(parts, rule.parts, rule.name)
        at = np.flatnonzero(own)
        for found_rows, found_keys, final in _refined(parts, rule, at, own[at], overfull):
            if final:
                given_up += len(found_keys)
            else:
                rows.append(found_rows)
                keys.append(found_keys)
    if not keys:
        return Keys(np.empty(0, np.int64), np.empty(0, np.uint64))
    # Rules and refiners seed their keys, so a record has no key twice.
    return Keys(np.concatenate(rows), np.concatenate(keys), given_up)


def _refiners(parts: Parts, rule: Rule) -> list[str]:
    return [name for name in REFINERS[parts.prepared.kind] if name not in rule.parts]


def _finer(
    parts: Parts, refiners: Sequence[str], rows: Rows, keys: Hashes, start: int, full: npt.NDArray[np.bool_]
) -> list[tuple[Rows, Hashes, int]]:
    """The keys marked `full`, each joined with one more part: a list for each part from `start` on."""
    at, values = rows[full], keys[full]
    following = []
    for index in range(start, len(refiners)):
        part = parts[refiners[index]][at]
        there = part > 0
        seeded = mix(part[there], np.full(int(there.sum()), _seed(refiners[index])))
        following.append((at[there], mix(values[there], seeded), index + 1))
    return following


def _refined(parts: Parts, rule: Rule, rows: Rows, keys: Hashes, overfull: Hashes) -> list[tuple[Rows, Hashes, bool]]:
    """Keys that are fit to use, and at the end of all refining those that never became so (marked True)."""
    refiners = _refiners(parts, rule)
    done: list[tuple[Rows, Hashes, bool]] = []
    level = [(rows, keys, 0)]
    for depth in range(DEPTH + 1):
        following = []
        for at, values, start in level:
            full = contains(overfull, values)
            done.append((at[~full], values[~full], False))
            if depth == DEPTH:
                done.append((at[full], values[full], True))
            elif full.any():
                following += _finer(parts, refiners, at, values, start, full)
        level = following
    return done


def contains(sorted_hashes: Hashes, values: Hashes) -> npt.NDArray[np.bool_]:
    """Which of `values` are in `sorted_hashes`."""
    found = np.zeros(len(values), bool)
    if not len(sorted_hashes) or not len(values):
        return found
    if len(values) < FEW:
        at = np.minimum(np.searchsorted(sorted_hashes, values), len(sorted_hashes) - 1)
        return np.asarray(sorted_hashes[at] == values)
    # A table over the first bits rules most of them out, which a binary search would find out slowly.
    table = np.zeros(1 << _TABLE_BITS, bool)
    shift = np.uint64(64 - _TABLE_BITS)
    table[sorted_hashes >> shift] = True
    likely = np.flatnonzero(table[values >> shift])
    at = np.minimum(np.searchsorted(sorted_hashes, values[likely]), len(sorted_hashes) - 1)
    found[likely] = sorted_hashes[at] == values[likely]
    return found


def distinct(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The distinct values in ascending order. By sorting, which for large arrays of hashes beats NumPy's hash table."""
    ordered = np.sort(values)
    if not len(ordered):
        return ordered
    fresh = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=fresh[1:])
    return np.asarray(ordered[fresh])


def freeze_overfull(parts: Parts, rules: Sequence[Rule]) -> Hashes:
    """The over-full keys of these records, sorted: what a model freezes. Refined keys too, level by level."""
    found = [np.empty(0, np.uint64)]
    for rule in rules:
        own = combine(parts, rule.parts, rule.name)
        rows = np.flatnonzero(own)
        refiners = _refiners(parts, rule)
        level = [(rows, own[rows], 0)]
        for depth in range(DEPTH + 1):
            # The same key comes by one way only, so each way is counted by itself.
            counted = [(at, keys, start, _over(keys, rule.cap)) for at, keys, start in level if len(keys)]
            found += [over for _, _, _, over in counted]
            if depth < DEPTH:
                level = [
                    finer
                    for at, keys, start, over in counted
                    if len(over)
                    for finer in _finer(parts, refiners, at, keys, start, contains(over, keys))
                ]
    return distinct(np.concatenate(found))


def _over(keys: Hashes, cap: int) -> Hashes:
    """Keys that occur more than `cap` times, sorted."""
    ordered = np.sort(keys)
    if len(ordered) <= cap:
        return ordered[:0]
    many = ordered[cap:] == ordered[:-cap]
    return distinct(ordered[cap:][many])
