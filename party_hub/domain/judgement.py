"""What can be said of two records."""

from enum import StrEnum


class Judgement(StrEnum):
    """The answer to: are these two records the same party?"""

    MATCH = "match"
    NO_MATCH = "no_match"
    UNSURE = "unsure"

    @property
    def binds(self) -> bool:
        """True where it forces or forbids the two in one cluster."""
        return self is not Judgement.UNSURE
