"""Marks that only one party can have, such as a LEI, and when those of two groups of records contradict each other."""

from collections.abc import Mapping

from rapidfuzz.distance import OSA

# Scheme (with its country) → the values that are said.
Marks = Mapping[str, frozenset[str]]
SLIP = 2  # characters by which two values may differ and still be one that was mistyped
_LONG = 6  # of shorter values no slip is made out


def contradict(one: Marks, other: Marks) -> bool:
    """True where both name values under a scheme and no two of them are the same or nearly so, and no other scheme
    agrees."""
    shared = one.keys() & other.keys()
    if not shared or any(not one[scheme].isdisjoint(other[scheme]) for scheme in shared):
        return False
    return any(not any(_alike(a, b) for a in one[scheme] for b in other[scheme]) for scheme in shared)


def _alike(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _LONG and OSA.distance(one, other, score_cutoff=SLIP) <= SLIP
