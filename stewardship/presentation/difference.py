"""Where two texts differ, character by character."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from django.utils.translation import gettext, gettext_noop
from rapidfuzz.distance import Indel

SIMILAR = 0.75  # from this ratio on, the differing characters are worth marking; below, everything differs


@dataclass(frozen=True)
class Segment:
    """A piece of text; `marked` where the other side says something else."""

    text: str
    marked: bool = False


class Verdict(StrEnum):
    """How the two sides of a row compare."""

    SAME = "same"
    SHARED = "shared"
    SIMILAR = "similar"
    DIFFERS = "differs"
    ONLY_A = "only_a"
    ONLY_B = "only_b"

    @property
    def label(self) -> str:
        """In words."""
        return gettext(WORDS[self])

    @property
    def icon(self) -> str:
        """The sprite's symbol."""
        return {
            Verdict.SAME: "equal",
            Verdict.SHARED: "matching",
            Verdict.SIMILAR: "similar",
            Verdict.DIFFERS: "differs",
        }.get(self, "only")

    @property
    def tone(self) -> str:
        """The class that colours it."""
        return "one" if self in (Verdict.ONLY_A, Verdict.ONLY_B) else "same" if self is Verdict.SHARED else self.value


WORDS = {
    Verdict.SAME: gettext_noop("Same"),
    Verdict.SHARED: gettext_noop("Partly shared"),
    Verdict.SIMILAR: gettext_noop("Similar"),
    Verdict.DIFFERS: gettext_noop("Different"),
    Verdict.ONLY_A: gettext_noop("Only A"),
    Verdict.ONLY_B: gettext_noop("Only B"),
}


def fold(text: str) -> str:
    """Case and spacing aside."""
    return " ".join(text.casefold().split())


def likeness(left: str, right: str) -> float:
    """0–1: how alike two texts are, case and spacing aside."""
    return Indel.normalized_similarity(left, right, processor=fold)


def segments(text: str, other: str) -> list[Segment]:
    """`text` in pieces, marked where `other` differs; one unmarked piece where they are equal or nothing is alike."""
    if fold(text) == fold(other) or likeness(text, other) < SIMILAR:
        return [Segment(text)]
    pieces: list[Segment] = []
    for tag, start, end, _, _ in SequenceMatcher(None, text.casefold(), other.casefold(), autojunk=False).get_opcodes():
        if end > start:
            pieces.append(Segment(text[start:end], marked=tag != "equal"))
    return pieces


def closest(text: str, others: list[str]) -> str | None:
    """Of `others`, the one most like `text`."""
    return max(others, key=lambda other: likeness(text, other), default=None)
