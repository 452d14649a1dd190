"""The attributes that pairs are compared on, by kind, and the kernels of those that both kinds share."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from rapidfuzz.distance import OSA, JaroWinkler

from matching.engine.compare import DistinctPairs, Levels, PairView, Term, Texts, first_of, graded, lengths, score
from matching.engine.frequencies import Rarity
from matching.engine.organisation import ORGANISATION_TERMS
from matching.engine.person import PERSON_TERMS
from matching.engine.prepared import Hashes, hash_texts
from matching.engine.vocabulary.words import FREE_MAIL
from party_hub.domain.attributes import Kind

Kernel = Callable[[PairView], tuple[Levels, Rarity]]


def _simple(name: str, grade: Callable[[DistinctPairs], Levels]) -> Kernel:
    return lambda view: (graded(view, name, grade), view.rarity(name))


def _identifier(found: DistinctPairs) -> Levels:
    one, other = found.texts
    edits = score(OSA.distance, one, other, np.int32)
    long = np.minimum(lengths(one), lengths(other)) >= 6
    return first_of([((edits <= 1) & long, 2), ((edits == 2) & long, 3)], 4)


def _email(found: DistinctPairs) -> Levels:
    local, domain = (found.column.derive(name, make) for name, make in (("local", _locals), ("host", _hosts)))
    one, other = found.texts
    close = score(OSA.distance, one, other, np.int32) <= 2
    same_mailbox = local[found.one] == local[found.other]
    return first_of([(close, 2), (same_mailbox, 3), (domain[found.one] == domain[found.other], 4)], 5)


def _locals(values: np.ndarray[tuple[int], np.dtype[np.object_]]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    return np.array([value.partition("@")[0] for value in values], dtype=object)


def _hosts(values: np.ndarray[tuple[int], np.dtype[np.object_]]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """The host of each address; of a free mail service the whole address, since sharing one says nothing."""
    hosts = [value.partition("@")[2] for value in values]
    return np.array(
        [value if host in FREE_MAIL else host for value, host in zip(values, hosts, strict=True)], dtype=object
    )


def _phone(found: DistinctPairs) -> Levels:
    one, other = found.texts
    size, longer = np.minimum(lengths(one), lengths(other)), np.maximum(lengths(one), lengths(other))
    tail = np.zeros(len(one), bool)
    rows = np.flatnonzero((size >= 6) & (size < longer))  # of two unlike ones of one length neither ends the other
    tail[rows] = [a.endswith(b) or b.endswith(a) for a, b in zip(one[rows], other[rows], strict=True)]
    close = (score(OSA.distance, one, other, np.int32) <= 1) & (size >= 6)
    return first_of([(tail, 2), (close, 3)], 4)


def _website(found: DistinctPairs) -> Levels:
    one, other = found.texts
    return first_of([(score(OSA.distance, one, other, np.int32) <= 2, 2)], 3)


def _postcode(found: DistinctPairs) -> Levels:
    one, other = found.texts
    close = score(OSA.distance, one, other, np.int32) <= 1
    area = found.column.derive("area", lambda values: np.array([value[:3] for value in values], dtype=object))
    return first_of([(close, 2), (area[found.one] == area[found.other], 3)], 4)


def _city(found: DistinctPairs) -> Levels:
    one, other = found.texts
    close = score(JaroWinkler.normalized_similarity, one, other) >= 0.9
    part = np.fromiter((a in b or b in a for a, b in zip(one, other, strict=True)), bool, len(one))
    return first_of([(close, 2), (part, 3)], 4)


def _region(found: DistinctPairs) -> Levels:
    one, other = found.texts
    initials = found.column.derive(
        "initials", lambda values: np.array(["".join(w[0] for w in value.split()) for value in values], dtype=object)
    )
    short = (initials[found.one] == other) | (initials[found.other] == one)
    start = np.fromiter((a.startswith(b) or b.startswith(a) for a, b in zip(one, other, strict=True)), bool, len(one))
    return first_of([(short | start, 2)], 3)


def _different(found: DistinctPairs) -> Levels:
    return np.full(len(found.one), 2, np.int8)


def _address(view: PairView) -> tuple[Levels, Rarity]:
    """House number and street together; the same house with another unit is told apart."""
    street = graded(view, "street", _street)
    (house, other_house), (unit, other_unit) = view.codes("house"), view.codes("unit")
    houses = (house >= 0) & (other_house >= 0)
    same_house, units_differ = houses & (house == other_house), (unit >= 0) & (other_unit >= 0) & (unit != other_unit)
    exact, close, missing = street == 1, street == 2, street == 0
    levels = first_of(
        [
            (missing, 0),
            (exact & same_house & units_differ, 2),
            (exact & same_house, 1),
            (close & same_house, 3),
            ((exact | close) & ~houses, 4),
            (exact | close, 5),
            (same_house, 6),
        ],
        7,
    )
    return levels, np.where(levels == 5, view.rarity("street"), view.rarity("address"))


def _street(found: DistinctPairs) -> Levels:
    one, other = found.texts
    close = score(JaroWinkler.normalized_similarity, one, other) >= 0.9
    near = score(OSA.distance, one, other, np.int32) <= 1 + np.minimum(lengths(one), lengths(other)) // 8
    return first_of([(close | near | _same_words(found), 2)], 3)


def _same_words(found: DistinctPairs) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """True where one text's words are all in the other, and there are at least two of them."""
    sets, bits = (found.column.derive(name, make) for name, make in (("words", _word_sets), ("word bits", _word_bits)))
    one, other = bits[found.one], bits[found.other]
    same = ((one & ~other) == 0) | ((other & ~one) == 0)
    rows = np.flatnonzero(same)  # the bits rule out most
    pairs = zip(sets[found.one[rows]], sets[found.other[rows]], strict=True)
    same[rows] = [(a <= b or b <= a) and min(len(a), len(b)) > 1 for a, b in pairs]
    return np.asarray(same, dtype=bool)


def _word_sets(values: Texts) -> Texts:
    return np.array([frozenset(value.split()) for value in values], dtype=object)


def _word_bits(values: Texts) -> Hashes:
    """A bit for each word of a text, one of 64 by the word's hash."""
    split = [value.split() for value in values]
    owners = np.repeat(np.arange(len(split)), [len(words) for words in split])
    at, words = pd.factorize(np.array([word for words in split for word in words], dtype=object))
    bits = np.zeros(len(split), np.uint64)
    np.bitwise_or.at(bits, owners, (np.uint64(1) << (hash_texts(words) % np.uint64(64)))[at])
    return bits


_IDENTIFIER_LEVELS = ("missing", "same", "one character off", "two characters off", "different")
_ONE, _ONE_TWO = frozenset({1}), frozenset({1, 2})


def _identifier_term(name: str, label: str) -> Term:
    return Term(name, label, _IDENTIFIER_LEVELS, _simple(name, _identifier), _ONE_TWO, group="identifier")


SHARED_TERMS: tuple[Term, ...] = (
    _identifier_term("tax_id", "Tax id"),
    _identifier_term("national_id", "National id"),
    _identifier_term("passport", "Passport"),
    _identifier_term("lei", "LEI"),
    _identifier_term("duns", "DUNS"),
    Term(
        "email",
        "E-mail",
        ("missing", "same", "close", "same mailbox", "same domain", "different"),
        _simple("email", _email),
        frozenset({1, 2, 3}),
        group="contact",
    ),
    Term(
        "phone",
        "Phone",
        ("missing", "same", "same ending", "one digit off", "different"),
        _simple("phone", _phone),
        frozenset({1, 2, 3}),
        group="contact",
    ),
    Term(
        "website",
        "Website",
        ("missing", "same", "close", "different"),
        _simple("website", _website),
        _ONE_TWO,
        group="contact",
    ),
    Term(
        "address",
        "Address",
        (
            "missing",
            "same",
            "same house, other unit",
            "close",
            "same street, a house number missing",
            "same street, other house",
            "only the house number",
            "different",
        ),
        _address,
        frozenset({1, 2, 3, 5}),
        group="place",
    ),
    Term(
        "postcode",
        "Postcode",
        ("missing", "same", "one character off", "same area", "different"),
        _simple("postcode", _postcode),
        _ONE,
        group="place",
    ),
    Term(
        "city",
        "City",
        ("missing", "same", "close", "one in the other", "different"),
        _simple("city", _city),
        _ONE,
        group="place",
    ),
    Term("region", "Region", ("missing", "same", "short for", "different"), _simple("region", _region), group="place"),
    Term("country", "Country", ("missing", "same", "different"), _simple("country", _different)),
)
TERMS: dict[Kind, tuple[Term, ...]] = {
    Kind.INDIVIDUAL: (*PERSON_TERMS, *SHARED_TERMS),
    Kind.ORGANISATION: (*ORGANISATION_TERMS, *SHARED_TERMS),
}
