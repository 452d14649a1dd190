"""What a model remembers of the pairs that it learned from: levels and rarities with their answers, no value of
anybody.

With it a model can be fitted again to data that fills fewer columns, or be drawn towards what was learned where labels
are few.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine.compare import Levels
from matching.engine.frequencies import CEILING, Rarity, pack, unpack

KEPT = 20_000
_SCALE = 200 / CEILING


@dataclass(frozen=True)
class Sample:
    """Compared pairs with their answers: one row a term and one column a pair."""

    levels: Levels
    rarities: Rarity
    same: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.same)

    def restricted(self, present: npt.NDArray[np.bool_]) -> "Sample":
        """The sample as it were if only the terms marked `present` had ever been filled in."""
        kept = np.asarray(present)[:, None]
        return Sample((self.levels * kept).astype(np.int8), self.rarities * kept, self.same)

    def to_json(self) -> dict[str, Any]:
        return {
            "terms": int(self.levels.shape[0]),
            "levels": pack(self.levels),
            "rarities": pack(np.rint(self.rarities * _SCALE).astype(np.uint8)),
            "same": pack(self.same),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Sample":
        terms = int(data["terms"])
        same = unpack(data["same"], np.bool_)
        rarities = unpack(data["rarities"], np.uint8).reshape(terms, len(same)) / _SCALE
        return cls(unpack(data["levels"], np.int8).reshape(terms, len(same)), rarities, same)


def draw(levels: Levels, rarities: Rarity, same: npt.NDArray[np.bool_], seed: int) -> Sample:
    """At most KEPT of the pairs, drawn at random; rarities as exact as they are kept."""
    chosen = np.arange(len(same))
    if len(same) > KEPT:
        chosen = np.sort(np.random.default_rng(seed).choice(len(same), KEPT, replace=False))
    rounded = np.rint(rarities[:, chosen] * _SCALE) / _SCALE
    return Sample(np.ascontiguousarray(levels[:, chosen]), rounded, same[chosen])


EMPTY = Sample(np.empty((0, 0), np.int8), np.empty((0, 0)), np.empty(0, bool))
