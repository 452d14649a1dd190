"""What source records say of one attribute: the distinct values, and how much speaks for each."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat
from math import log2
from typing import Any, NamedTuple
from uuid import UUID

from .attributes import Attribute
from .identifiers import WITHDRAWN_STATUSES
from .rules import Rule

Value = Any  # what JSON can hold
# The day from which ages are counted. Any day would do, for only differences matter.
EPOCH_YEAR = 2000


class Testimony(NamedTuple):
    """What one source record says: the input of survivorship. `effective_at` is ISO 8601 in UTC, so that text order
    is time order.
    """

    record: UUID
    source: str
    key: str
    trust: int
    effective_at: str
    party_type: str
    attributes: Mapping[str, Value]

    @property
    def reference(self) -> dict[str, str]:
        """How lineage names this record."""
        return {
            "record": str(self.record), "source": self.source, "key": self.key, "effective_at": self.effective_at,
        }  # fmt: skip


class Candidate:
    """One distinct value of an attribute.

    `said_by` are the places of the records that say it, best trusted first; `trust` is the best of theirs in this
    attribute; `weight` the best after age and doubt, to compare by; `recency` the latest and `earliest` the first time
    at which it was said; `place` is where the best trusted of them lists it among its own values, 0 the first.
    """

    __slots__ = ("earliest", "identity", "place", "recency", "said_by", "trust", "value", "weight")

    def __init__(
        self,
        value: Value,
        identity: str,
        said_by: list[int],
        trust: int = 0,
        at: str = "",
        *,
        place: int = 0,
        weight: float = 0,
    ) -> None:
        self.value, self.identity, self.said_by, self.place = value, identity, said_by, place
        self.trust, self.weight, self.recency, self.earliest = trust, weight, at, at

    def __lt__(self, other: "Candidate") -> bool:
        """Less full; of two as full the shorter, and at last the one that sorts first."""
        return self._fuller < other._fuller

    @property
    def _fuller(self) -> tuple[int, int, str, str]:
        text = self.text
        return self.fullness, len(text), text, self.identity

    @property
    def fullness(self) -> int:
        """How many parts are filled; 1 for a plain value."""
        return sum(1 for part in self.value.values() if part not in ("", None)) if isinstance(self.value, dict) else 1

    @property
    def text(self) -> str:
        """The value as text, for length and as the last tie-break."""
        return str(self.value.get("full") or self.identity) if isinstance(self.value, dict) else str(self.value)

    @property
    def quality(self) -> int:
        """2 for a value that passed its check, 0 for one that failed it or was withdrawn by its issuer, 1 where nothing
        is known.
        """
        if not isinstance(self.value, dict):
            return 1
        valid = False if self.value.get("status") in WITHDRAWN_STATUSES else self.value.get("valid")
        return 1 if valid is None else 2 * bool(valid)

    def _add(self, place: int, testimony: Testimony, trust: int, weight: float, value: Value) -> None:
        """One more record, less trusted than those before it, says the same."""
        if self.said_by[-1] != place:
            self.said_by.append(place)
            self.recency = max(self.recency, testimony.effective_at)
            self.earliest = min(self.earliest, testimony.effective_at)
            self.trust, self.weight = max(self.trust, trust), max(self.weight, weight)
        if value != self.value and _shouting(self.value) and not _shouting(value):
            self.value = value


def identity_of(attribute: Attribute, value: Value) -> str:
    """Equal for two values that say the same, whatever their case and spacing."""
    if isinstance(value, dict):
        value = "\0".join(map(str, map(value.get, attribute.identity, repeat(""))))
    return " ".join(str(value).casefold().split())


def _shouting(value: Value) -> bool:
    text = value.get("full", "") if isinstance(value, dict) else value
    return isinstance(text, str) and text.isupper()


def candidates_of(
    attribute: Attribute, testimonies: Sequence[Testimony], rule: Rule, trust: Mapping[tuple[str, str], int]
) -> list[Candidate]:
    """The distinct values, each as its most trusted source writes it, capitals only where nobody does otherwise.

    `testimonies` go best trusted first; `trust` is by (source, attribute) where it differs from the source's own, and
    then decides who is trusted most in this attribute.
    """
    name, ages = attribute.name, bool(rule.half_life or rule.doubt)
    found: dict[str, Candidate] = {}
    for index, testimony in _best_trusted_first(name, testimonies, trust):
        if name not in testimony.attributes or testimony.source in rule.excluded:
            continue
        given = testimony.attributes[name]
        trusted = trust.get((testimony.source, name), testimony.trust) if trust else testimony.trust
        for place, value in enumerate(given if attribute.many else (given,)):
            if rule.verified_only and not (isinstance(value, dict) and value.get("valid")):
                continue
            weight = _weight(rule, trusted, testimony.effective_at, value) if ages else trusted
            identity = identity_of(attribute, value)
            if candidate := found.get(identity):
                candidate._add(index, testimony, trusted, weight, value)
            else:
                at = testimony.effective_at
                found[identity] = Candidate(value, identity, [index], trusted, at, place=place, weight=weight)
    return list(found.values())


def _best_trusted_first(
    name: str, testimonies: Sequence[Testimony], trust: Mapping[tuple[str, str], int]
) -> Iterable[tuple[int, Testimony]]:
    """The testimonies with their places, by their trust in this attribute."""
    said = enumerate(testimonies)
    if not trust:
        return said
    return sorted(said, key=lambda numbered: -trust.get((numbered[1].source, name), numbered[1].trust))


def _weight(rule: Rule, trust: int, effective_at: str, value: Value) -> float:
    """Trust after age and doubt, as a logarithm: halving per half-life is then a subtraction that needs no clock, for
    two statements compare the same on whatever day one looks.
    """
    if rule.doubt and isinstance(value, dict) and value.get("valid") is False:
        trust_left = trust * (100 - rule.doubt) / 100
    else:
        trust_left = trust
    weight = log2(max(trust_left, 0.01))
    if rule.half_life:
        year, month, day = int(effective_at[:4]), int(effective_at[5:7]), int(effective_at[8:10])
        days = (year - EPOCH_YEAR) * 365.25 + (month - 1) * 30.4375 + day
        weight += days / rule.half_life
    return round(weight, 6)
