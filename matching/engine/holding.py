"""Which pairs are held back to check models by, and which are read twice: decided by a hash of the pair, so that it is
the same on every day, on every machine and for every model, and nobody can choose.
"""

import hashlib

HELD_BACK = 25  # of a hundred pairs


def is_held_back(left: str, right: str) -> bool:
    """Whether models are checked by this pair and never learn from it. Ids in either order."""
    return _place("held back", left, right) < HELD_BACK


def is_read_twice(left: str, right: str, share: int) -> bool:
    """Whether the pair is among the `share` per cent that a second person is asked about too."""
    return _place("read twice", left, right) < share


def _place(salt: str, left: str, right: str) -> float:
    """The pair's place between 0 and 100."""
    one, other = sorted((str(left), str(right)))
    digest = hashlib.sha256(f"{salt}\x1f{one}\x1f{other}".encode()).digest()
    return 100 * int.from_bytes(digest[:8], "big") / 2**64
