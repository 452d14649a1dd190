"""Candidate pairs in PostgreSQL: those that are joined and those that a steward is asked about, with their scores."""

import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from django.db import connection

from matching.engine.bands import Chosen, asked, automatic
from matching.engine.model import KindModel
from matching.engine.prepared import Prepared
from matching.engine.score import Scored
from matching.index import parted
from matching.models import Band
from party_hub.actions.replace_links import LinkRow
from party_hub.models.copy import as_array

_DECIMALS = 3  # of a contribution
_COLUMNS = ("left_id", "right_id", "kind", "model_version", "total", "probability", "contributions", "band")
_COPY = f"COPY matching_candidatepair ({', '.join(_COLUMNS)}) FROM STDIN WITH (FORMAT csv)"


@dataclass(frozen=True)
class Found:
    """Scored pairs of one kind, those `joined` by themselves and those asked about; rows point into `ids`."""

    model: KindModel
    ids: pa.Array
    scored: Scored
    joined: Chosen

    @classmethod
    def among(cls, model: KindModel, prepared: Prepared, scored: Scored) -> "Found":
        """Of all scored pairs those that are joined or asked about."""
        joined = automatic(model, prepared, scored)
        kept = joined | asked(model, prepared, scored, joined)
        return cls(model, prepared.ids, scored.where(kept), joined[kept])

    def links(self) -> Iterator[LinkRow]:
        """The pairs that are joined, as links."""
        scored, margin = self.scored.where(self.joined), self.model.thresholds.margin
        left, right = (self.ids.take(pa.array(rows)).to_pylist() for rows in (scored.left, scored.right))
        for one, other, score in zip(left, right, scored.probability.tolist(), strict=True):
            yield LinkRow(one, other, score, margin)


def forget_pairs(records: Collection[str] | None) -> None:
    """Let the pairs go that one of these records is in (None: all)."""
    with connection.cursor() as cursor:
        if records is None:
            cursor.execute("DELETE FROM matching_candidatepair")
            return
        ids = as_array(records)
        cursor.execute("DELETE FROM matching_candidatepair WHERE left_id = ANY(%s::uuid[])", [ids])
        cursor.execute("DELETE FROM matching_candidatepair WHERE right_id = ANY(%s::uuid[])", [ids])


def forget_parted(records: Collection[str]) -> list[tuple[UUID, UUID]]:
    """Let the pairs among these records go that share no key any more; gives them."""
    gone = parted(records) if records else []
    if gone:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM matching_candidatepair p USING unnest(%s::uuid[], %s::uuid[]) AS gone(one, other) "
                "WHERE p.left_id = gone.one AND p.right_id = gone.other",
                [as_array(side) for side in zip(*gone, strict=True)],
            )
    return gone


def write_pairs(found: Found, version: str) -> None:
    """Keep these pairs. Records come ordered by id, so the left one is the smaller."""
    scored, count = found.scored, len(found.scored)
    bands = pa.array(np.where(found.joined, Band.AUTOMATIC.value, Band.REVIEW.value))
    columns = [
        found.ids.take(pa.array(scored.left)),
        found.ids.take(pa.array(scored.right)),
        pa.repeat(pa.scalar(found.model.kind.value), count),
        pa.repeat(pa.scalar(version), count),
        pa.array(scored.total),
        pa.array(scored.probability),
        _arrays(np.round(scored.contributions, _DECIMALS)),
        bands,
    ]
    stream = io.BytesIO()
    options = pyarrow.csv.WriteOptions(include_header=False)
    pyarrow.csv.write_csv(pa.table(columns, names=list(_COLUMNS)), stream, options)
    stream.seek(0)
    with connection.cursor() as cursor:
        cursor.copy_expert(_COPY, stream, 1 << 20)


def _arrays(parts: npt.NDArray[np.float32]) -> pa.Array:
    """Rows of numbers as PostgreSQL reads an array."""
    texts = pa.array(parts.ravel()).cast(pa.string())
    starts = np.arange(len(parts) + 1, dtype=np.int32) * parts.shape[1]
    joined = pc.binary_join(pa.ListArray.from_arrays(pa.array(starts), texts), ",")
    return pc.binary_join_element_wise("{", joined, "}", "")
