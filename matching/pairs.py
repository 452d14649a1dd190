"""Candidate pairs in PostgreSQL: those that are joined and those that a steward is asked about, with their scores."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

import numpy as np
import pyarrow as pa
from django.db import connection

from matching.engine.bands import Chosen, asked, automatic
from matching.engine.model import KindModel
from matching.engine.prepared import Prepared
from matching.engine.score import Scored
from matching.index import id_bytes, parted
from matching.models import Band
from party_hub.actions.replace_links import LinkRow
from party_hub.models.copy import as_array
from party_hub.models.copy_binary import REAL, arrays, copy_binary, fixed, same, text

_DECIMALS = 3  # of a contribution


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
    ids, terms = id_bytes(found.ids.to_pylist()), scored.contributions.shape[1]
    fields = {
        "left_id": fixed(ids[scored.left]),
        "right_id": fixed(ids[scored.right]),
        "kind": same(found.model.kind.value, count),
        "model_version": same(version, count),
        "total": fixed(scored.total.astype(">f8")),
        "probability": fixed(scored.probability.astype(">f8")),
        "contributions": arrays(
            np.round(scored.contributions, _DECIMALS).ravel(), np.arange(count + 1, dtype=np.int64) * terms, REAL
        ),
        "band": text(pa.array(np.where(found.joined, Band.AUTOMATIC.value, Band.REVIEW.value))),
    }
    copy_binary("matching_candidatepair", fields)
