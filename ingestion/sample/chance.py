"""Chance: one seeded stream of random numbers, weighted picks, and the slips that people make at a keyboard."""

import random
from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")

_NEIGHBOURS = {
    "a": "qsz", "b": "vgn", "c": "xvd", "d": "sfe", "e": "wrd", "f": "dgr", "g": "fht", "h": "gjy", "i": "uok",
    "j": "hku",
    "k": "jli", "l": "kop", "m": "nj", "n": "bmh", "o": "ipl", "p": "ol", "q": "wa", "r": "etf", "s": "adw", "t": "ryg",
    "u": "yij", "v": "cbf", "w": "qes", "x": "zcs", "y": "tuh", "z": "xas",
}  # fmt: skip
_SOUNDS = (
    ("ph", "f"),
    ("ck", "k"),
    ("ie", "ei"),
    ("ee", "ea"),
    ("ll", "l"),
    ("nn", "n"),
    ("ss", "s"),
    ("y", "i"),
    ("c", "k"),
    ("z", "s"),
)


class Skewed(Generic[T]):
    """Picks among items whose frequency falls with their rank, as names and places do.

    By Zipf's law: 1 / (rank + shift) ** slope, unless `weights` says otherwise.
    """

    def __init__(
        self, items: Sequence[T], slope: float = 0.9, shift: float = 4.0, weights: Sequence[float] | None = None
    ):
        self.items = items
        self._bounds = list(accumulate(weights or [1 / (rank + shift) ** slope for rank in range(len(items))]))

    def pick(self, chance: random.Random) -> T:
        """One item."""
        return self.items[bisect(self._bounds, chance.random() * self._bounds[-1])]


class Numbers:
    """Numbers that look drawn but never repeat: a counter sent through a permutation of 0 … 10**digits - 1."""

    def __init__(self, digits: int, offset: int):
        self._digits, self._size, self._next = digits, 10**digits, 0
        self._offset = offset % self._size

    def draw(self) -> str:
        """The next number, with leading zeros."""
        # Odd and not a multiple of 5, so coprime to the size: every number comes up once before any comes twice.
        value = (self._next * 738_560_393 + self._offset) % self._size
        self._next += 1
        return f"{value:0{self._digits}d}"


def fill(pattern: str, chance: random.Random) -> str:
    """`pattern` with a digit for each #, a Latin capital for each L, a digit or W for each A."""
    out = []
    for sign in pattern:
        if sign == "#":
            out.append("0123456789"[int(chance.random() * 10)])
        elif sign == "L":
            out.append("ABDEFGHJLNPQRSTUWXYZ"[int(chance.random() * 20)])
        elif sign == "A":
            out.append("1234VWYM"[int(chance.random() * 8)])
        else:
            out.append(sign)
    return "".join(out)


def slip(text: str, chance: random.Random) -> str:
    """`text` with one slip: a letter dropped, doubled, swapped with its neighbour, hit beside its key, or misheard."""
    if len(text) < 3:
        return text
    at, kind = chance.randrange(1, len(text)), chance.random()
    letter = text[at]
    if kind < 0.28:
        return text[:at] + text[at + 1 :]
    if kind < 0.50:
        return text[: at - 1] + letter + text[at - 1] + text[at + 1 :]
    if kind < 0.75:
        near = "0123456789" if letter.isdigit() else _NEIGHBOURS.get(letter.lower(), letter)
        return text[:at] + chance.choice(near) + text[at + 1 :]
    if kind < 0.90:
        return text[:at] + letter + text[at:]
    for heard, written in _SOUNDS:
        if heard in text[1:]:
            return text[0] + text[1:].replace(heard, written, 1)
    return text
