"""What a resolution changed, and how one process tells it to another."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

_SETS = ("created", "split", "updated", "withdrawn")


@dataclass
class Resolution:
    """What a resolution changed. `merged`: retired id → survivor; `held`: links that a constraint keeps apart."""

    records: int = 0
    created: set[UUID] = field(default_factory=set)
    merged: dict[UUID, UUID] = field(default_factory=dict)
    split: set[UUID] = field(default_factory=set)
    updated: set[UUID] = field(default_factory=set)
    withdrawn: set[UUID] = field(default_factory=set)
    held: int = 0

    @property
    def parties(self) -> set[UUID]:
        """The parties that are new, merged into others, split, withdrawn or have another golden record."""
        return self.created | self.merged.keys() | self.split | self.updated | self.withdrawn

    @property
    def clusters_changed(self) -> int:
        """How many parties that is."""
        return len(self.parties)

    def add(self, other: "Resolution") -> None:
        """Takes another chunk's result in."""
        self.records += other.records
        self.held += other.held
        self.created |= other.created
        self.merged |= other.merged
        self.split |= other.split
        self.updated |= other.updated
        self.withdrawn |= other.withdrawn

    def as_json(self) -> dict[str, Any]:
        """As one process tells it to another."""
        return {
            "records": self.records,
            "held": self.held,
            "merged": {str(retired): str(survivor) for retired, survivor in self.merged.items()},
            **{name: list(map(str, getattr(self, name))) for name in _SETS},
        }

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> "Resolution":
        """What `as_json` told."""
        merged = {UUID(retired): UUID(survivor) for retired, survivor in told["merged"].items()}
        sets = {name: set(map(UUID, told[name])) for name in _SETS}
        return cls(records=told["records"], held=told["held"], merged=merged, **sets)
