"""What becomes of a scored pair: joined by itself, shown to a steward, or neither.

The score alone does not decide. Two records that carry different identifiers of one scheme, and share none of another,
are never joined by themselves, however alike they are; and a source may be trusted less about its own duplicates. Who
has nothing but a place or a web site in common is no question: many live and trade at one address, and a rare one
proves no more.
Everything here is a property of the two records and the model, so arrival changes nothing.
"""

import numpy as np
import numpy.typing as npt

from matching.engine.compare import PairView, compare
from matching.engine.model import KindModel
from matching.engine.prepared import IDENTIFIERS, Prepared, Rows
from matching.engine.score import Scored, Scores

AUTOMATIC, REVIEW, NONE = "automatic", "review", "none"
IDENTIFIER_GROUP = "identifier"
_AGREE, _DIFFER = (1, 2), 4  # levels of the identifiers' terms
_TELLING_NAMES = ("given_name", "family_name", "name", "name_words")  # their last level: nothing in common
# Terms whose agreement says more than a place. A web site is none: groups, chains and portals share one.
_BESIDE_PLACE = ("tax_id", "national_id", "passport", "lei", "duns", "email", "phone", "date_of_birth")

Chosen = npt.NDArray[np.bool_]


def contradicted(model: KindModel, records: Prepared, left: Rows, right: Rows) -> Chosen:
    """Pairs of which one identifier differs (by more than a slip of the pen) and no other agrees."""
    terms = [term for term in model.terms if term.group == IDENTIFIER_GROUP]
    levels, _ = compare(terms, PairView(records, model.frequencies, left, right))
    return np.asarray((levels >= _DIFFER).any(axis=0) & ~np.isin(levels, _AGREE).any(axis=0), dtype=bool)


def automatic(model: KindModel, records: Prepared, scored: Scored) -> Chosen:
    """The pairs that are joined by themselves."""
    chosen = scored.total >= _threshold(model, records, scored.left, scored.right)
    rows = np.flatnonzero(chosen)
    chosen[rows[contradicted(model, records, scored.left[rows], scored.right[rows])]] = False
    return np.asarray(chosen, dtype=bool)


def asked(model: KindModel, records: Prepared, scored: Scored, joined: Chosen) -> Chosen:
    """The pairs of those from the review threshold up that a steward is shown; `joined` are automatic."""
    chosen = ~joined & (scored.total >= model.thresholds.review)
    rows = np.flatnonzero(chosen & (scored.total < model.thresholds.automatic))
    chosen[rows[share_only_a_place(model, records, scored.left[rows], scored.right[rows])]] = False
    return np.asarray(chosen, dtype=bool)


def share_only_a_place(model: KindModel, records: Prepared, left: Rows, right: Rows) -> Chosen:
    """Pairs whose names have nothing in common, and of which no identifier, e-mail, phone or date of birth agrees."""
    names = [term for term in model.terms if term.name in _TELLING_NAMES]
    others = [term for term in model.terms if term.name in _BESIDE_PLACE]
    view = PairView(records, model.frequencies, left, right)
    levels, _ = compare(names, view)
    chosen = np.all([level == len(term.levels) - 1 for term, level in zip(names, levels, strict=True)], axis=0)
    levels, _ = compare(others, view)
    for term, level in zip(others, levels, strict=True):
        chosen &= ~np.isin(level, sorted(term.weighted))
    return np.asarray(chosen, dtype=bool)


def band_of(model: KindModel, records: Prepared, left: int, right: int, total: float) -> tuple[str, str]:
    """A pair's band, and why it is not automatic where the score alone would make it so."""
    thresholds, one, other = model.thresholds, np.array([left]), np.array([right])
    needed = _threshold(model, records, one, other)[0]
    if total >= min(needed, thresholds.automatic):
        if contradicted(model, records, one, other)[0]:
            return REVIEW, "their identifiers contradict each other, so a person decides"
        if total < needed:
            return REVIEW, "both come from one source, which asks for more"
        return AUTOMATIC, ""
    if total < thresholds.review:
        return NONE, ""
    if share_only_a_place(model, records, one, other)[0]:
        return NONE, "nobody is asked, for they have nothing but a place or a web site in common"
    return REVIEW, ""


def _threshold(model: KindModel, records: Prepared, left: Rows, right: Rows) -> Scores:
    """The automatic threshold of each pair by its case.

    A record that has nothing but identifiers is there for the relations of whoever has them: there is nothing else that
    could agree or differ, so it is joined where it is likelier than not.
    """
    one, other = records.sources.codes[left], records.sources.codes[right]
    within = (one >= 0) & (one == other)
    usual = np.where(within, model.thresholds.automatic + model.thresholds.same_source, model.thresholds.automatic)
    bare = _bare(records, left) | _bare(records, right)
    return np.where(bare, np.minimum(usual, model.thresholds.match), usual)


def _bare(records: Prepared, rows: Rows) -> Chosen:
    others = [column.codes[rows] < 0 for name, column in records.columns.items() if name not in IDENTIFIERS]
    return np.asarray(np.all(others, axis=0), dtype=bool)
