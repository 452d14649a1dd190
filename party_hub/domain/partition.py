"""Where a group of records would come apart first."""

from collections.abc import Mapping


def weakest_cut(size: int, affinity: Mapping[tuple[int, int], float]) -> tuple[list[int], list[int]]:
    """Parts `size` (≥ 2) members in two, the larger part first: average linkage, stopped at two groups.

    `affinity` holds for each pair (lower place first) how much speaks for the two being the same; what is missing
    counts as 0. Deterministic: ties join the groups with the earliest members. Raises ValueError below two members.
    """
    if size < 2:
        raise ValueError("one member cannot be parted")
    groups = [[member] for member in range(size)]
    while len(groups) > 2:
        best = max(
            ((one, other) for one in range(len(groups)) for other in range(one + 1, len(groups))),
            key=lambda pair: (average(groups[pair[0]], groups[pair[1]], affinity), -pair[0], -pair[1]),
        )
        groups[best[0]] = sorted(groups[best[0]] + groups[best[1]])
        del groups[best[1]]
    one, other = groups
    return (one, other) if len(one) >= len(other) else (other, one)


def average(one: list[int], other: list[int], affinity: Mapping[tuple[int, int], float]) -> float:
    """The mean affinity between the members of two groups."""
    pairs = [(min(left, right), max(left, right)) for left in one for right in other]
    return sum(affinity.get(pair, 0.0) for pair in pairs) / len(pairs)
