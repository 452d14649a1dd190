"""Records in comparison form: one dictionary-coded column a field, so that work is done once a distinct value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from pandas.util import hash_array

from matching.engine import standardise
from party_hub.domain.attributes import Kind

Codes = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]
Values = npt.NDArray[Any]

IDENTIFIERS = ("tax_id", "national_id", "passport", "lei", "duns")
_FORMS: dict[str, Callable[[str], str | None]] = {
    **dict.fromkeys(IDENTIFIERS, standardise.code),
    "date_of_birth": standardise.calendar_date,
    "email": standardise.email,
    "phone": standardise.phone,
    "website": standardise.website,
    "postcode": standardise.postcode,
    "city": standardise.place,
    "region": standardise.place,
    "country": standardise.country,
}
FIELDS = {
    Kind.INDIVIDUAL: ("given", "middle", "family", "generation", *_FORMS, "house", "street", "unit", "address"),
    Kind.ORGANISATION: ("name", *_FORMS, "house", "street", "unit", "address"),
}


def hash_texts(values: npt.NDArray[np.object_]) -> Hashes:
    """A 64-bit hash of each text (SipHash with a fixed key): the same on every machine, so it may be stored."""
    if not len(values):
        return np.empty(0, dtype=np.uint64)
    return np.asarray(hash_array(values, categorize=False), dtype=np.uint64)


@dataclass
class Column:
    """One field of all records: `codes` point into the distinct `values`, -1 where the field is missing."""

    codes: Codes
    values: npt.NDArray[np.object_]
    _derived: dict[tuple[str, int], tuple[object, Values]] = field(default_factory=dict, repr=False)

    @property
    def hashes(self) -> Hashes:
        """Hash of each distinct value."""
        return self.derive("hash", hash_texts)

    def derive(self, name: str, make: Callable[[Values], Values], owner: object = None) -> Values:
        """An array over the distinct values, made at the first call and kept under `name`.

        What depends on something else than the values names it as `owner`; it is kept alive, so its id stays its own.
        """
        key = name, id(owner)
        if key not in self._derived:
            self._derived[key] = owner, make(self.values)
        return self._derived[key][1]

    def take(self, per_value: Values, missing: object = 0) -> Values:
        """`per_value` spread over the records, `missing` where the field is."""
        if not len(self.values):
            return np.full(len(self.codes), missing, dtype=per_value.dtype)
        spread: Values = per_value[self.codes]
        spread[self.codes < 0] = missing
        return spread


def encode(values: Sequence[str | None]) -> Column:
    """A column of these texts, None meaning missing."""
    coded = pa.array(values, type=pa.string()).dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Column(codes, np.array(coded.dictionary.to_pylist(), dtype=object))


@dataclass
class Prepared:
    """Records of one kind in comparison form."""

    kind: Kind
    ids: pa.Array
    sources: Column
    columns: dict[str, Column]

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def to_arrow(self) -> pa.Table:
        """The comparison forms as text, one column a field, as Spark carries them between partitions."""
        columns = {"record_id": self.ids, "source": _decoded(self.sources)}
        columns |= {name: _decoded(self.columns[name]) for name in FIELDS[self.kind]}
        return pa.table(columns)

    @classmethod
    def from_arrow(cls, table: pa.Table, kind: Kind) -> "Prepared":
        """The reverse of `to_arrow`; columns that the table lacks are missing throughout."""

        def column(name: str) -> Column:
            return _encoded(table.column(name)) if name in table.column_names else encode([None] * table.num_rows)

        return cls(
            kind,
            table.column("record_id").combine_chunks(),
            column("source"),
            {name: column(name) for name in FIELDS[kind]},
        )


def _encoded(column: pa.ChunkedArray) -> Column:
    coded = column.combine_chunks().dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Column(codes, np.array(coded.dictionary.to_pylist(), dtype=object))


def _decoded(column: Column) -> pa.Array:
    indices = pa.array(column.codes, mask=column.codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(column.values, type=pa.string())).cast(pa.string())


def prepare(table: pa.Table, kind: Kind) -> Prepared:
    """Bring records of one kind (rows of the canonical table) to comparison form."""
    raw = {name: _encoded(table.column(name)) for name in table.column_names if name != "record_id"}
    columns = {name: _mapped(raw[name], form) for name, form in _FORMS.items()}
    columns |= _address_columns(raw)
    if kind == Kind.INDIVIDUAL:
        columns |= _person_columns(raw)
    else:
        columns["name"] = _mapped(raw["full_name"], standardise.organisation_name)
    return Prepared(kind, table.column("record_id").combine_chunks(), raw["source"], columns)


def _mapped(column: Column, form: Callable[[str], str | None]) -> Column:
    """The column with each distinct value brought to `form`; values that come out alike become one."""
    merged = encode([form(value) for value in column.values])
    return Column(np.asarray(column.take(merged.codes, -1), dtype=np.int32), merged.values)


def _address_columns(raw: dict[str, Column]) -> dict[str, Column]:
    """House, street and unit of the street line, or of the whole address where a source gives no street line."""
    line = encode(
        [street or address for street, address in zip(_texts(raw["street"]), _texts(raw["address"]), strict=True)]
    )
    parts = [standardise.address(value) for value in line.values]
    whole = [" ".join(filter(None, (house, street))) or None for house, street, _ in parts]
    columns = {}
    for name, values in zip(
        ("house", "street", "unit"), zip(*parts, strict=True) if parts else ((), (), ()), strict=True
    ):
        columns[name] = _spread(line, values)
    columns["address"] = _spread(line, whole)
    return columns


def _person_columns(raw: dict[str, Column]) -> dict[str, Column]:
    texts = [_texts(raw[name]) for name in ("full_name", "given_name", "middle_name", "family_name")]
    named = [
        standardise.person_name(full or "", given or "", middle or "", family or "")
        for full, given, middle, family in zip(*texts, strict=True)
    ]
    parts = zip(*named, strict=True) if named else ((), (), (), ())
    return {
        name: encode(list(part)) for name, part in zip(("given", "middle", "family", "generation"), parts, strict=True)
    }


def _texts(column: Column) -> list[str | None]:
    return list(column.take(column.values, None))


def _spread(line: Column, values: Sequence[str | None]) -> Column:
    merged = encode(list(values))
    return Column(np.asarray(line.take(merged.codes, -1), dtype=np.int32), merged.values)
