"""How frequent values are, frozen inside a model: agreement on a rare value proves more than on a common one."""

import base64
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.engine.prepared import Column, Hashes, Prepared, hash_texts

Rarity = npt.NDArray[np.float64]
CEILING = 10.0
KEPT = 20_000
FIELDS = (
    "given", "middle", "family", "name", "date_of_birth", "tax_id", "national_id", "passport", "lei", "duns",
    "email", "phone", "website", "postcode", "city", "address", "street",
)  # fmt: skip


def pack(array: npt.NDArray[Any]) -> str:
    """An array of fixed-width numbers as compressed base64 text."""
    return base64.b64encode(zlib.compress(np.ascontiguousarray(array).tobytes(), 9)).decode()


def unpack(text: str, dtype: Any) -> npt.NDArray[Any]:
    """The reverse of `pack`."""
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=dtype)


@dataclass(frozen=True)
class Table:
    """Counts of the more frequent values of one field, by hash in ascending order, out of `total` filled-in ones."""

    total: int
    hashes: Hashes
    counts: npt.NDArray[np.uint32]

    def rarity(self, hashes: Hashes) -> Rarity:
        """Natural logarithm of how many values there are to one of each: 0 for what all have, at most CEILING."""
        count = np.ones(len(hashes))
        if len(self.hashes) and len(hashes):
            at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
            found = self.hashes[at] == hashes
            count[found] = self.counts[at[found]]
        return np.clip(np.log(max(self.total, 2) / count), 0.0, CEILING)

    def to_json(self) -> dict[str, Any]:
        return {"total": self.total, "hashes": pack(self.hashes), "counts": pack(self.counts)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Table":
        return cls(int(data["total"]), unpack(data["hashes"], np.uint64), unpack(data["counts"], np.uint32))


EMPTY = Table(2, np.empty(0, np.uint64), np.empty(0, np.uint32))


@dataclass(frozen=True)
class Frequencies:
    """A table a field, and one of the words in organisations' names under "word"."""

    tables: dict[str, Table]

    def of(self, name: str, column: Column) -> Rarity:
        """Rarity of each distinct value of a column."""
        table = self.tables.get(name, EMPTY)
        return column.derive("rarity", lambda _: table.rarity(column.hashes), owner=table)

    def of_words(self, words: Hashes) -> Rarity:
        """Rarity of words of organisations' names, by their hashes."""
        return self.tables.get("word", EMPTY).rarity(words)


def count(prepared: Prepared) -> Frequencies:
    """Tables over these records. Values that occur once are left out: an absent value counts as one occurrence."""
    tables = {}
    for name in FIELDS:
        if name in prepared.columns:
            column = prepared[name]
            present = column.codes[column.codes >= 0]
            tables[name] = _table(column.hashes, np.bincount(present, minlength=len(column.values)), len(present))
    if "name" in prepared.columns:
        tables["word"] = _word_table(prepared["name"])
    return Frequencies(tables)


def _word_table(names: Column) -> Table:
    present = names.codes[names.codes >= 0]
    weight = np.bincount(present, minlength=len(names.values))
    totals: dict[str, int] = {}
    for text, times in zip(names.values, weight, strict=True):
        for word in set(text.split()):
            totals[word] = totals.get(word, 0) + int(times)
    words = np.array(list(totals), dtype=object)
    return _table(hash_texts(words), np.array(list(totals.values()), dtype=np.int64), len(present))


def _table(hashes: Hashes, counts: npt.NDArray[np.int64], total: int) -> Table:
    kept = np.flatnonzero(counts > 1)
    if len(kept) > KEPT:
        order = np.lexsort((hashes[kept], -counts[kept]))
        kept = kept[order[:KEPT]]
    kept = kept[np.argsort(hashes[kept])]
    return Table(total, hashes[kept], counts[kept].astype(np.uint32))
