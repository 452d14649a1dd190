"""What becomes of a scored pair: joined by itself, shown to a steward, or neither.

The score alone does not decide. Two records that carry different identifiers of one scheme, and share none of another,
are never joined by themselves, however alike they are, nor are organisations whose names have different numbers, such
as two funds of a series; and a source may be trusted less about its own duplicates. Who has nothing but a place, a web
site and usual words ("Holdings", "Group") in common is no question: many live and trade at one address, and a rare one
proves no more.
Everything here is a property of the two records and the model, so arrival changes nothing.
"""

import numpy as np
import numpy.typing as npt

from matching.engine.compare import Levels, PairView, compare
from matching.engine.model import KindModel
from matching.engine.numbers import numbers_in
from matching.engine.organisation import HEAVY_BOTH, USUAL
from matching.engine.prepared import IDENTIFIERS, Prepared, Rows
from matching.engine.score import Scored, Scores
from party_hub.domain.attributes import Kind

AUTOMATIC, REVIEW, NONE = "automatic", "review", "none"
# Why a pair is not joined that its score alone would join.
CONTRADICTING = "their identifiers contradict each other, so a person decides"
NUMBERED_APART = "their names have different numbers, so a person decides"
OF_ONE_SOURCE = "both come from one source, which asks for more"
IDENTIFIER_GROUP = "identifier"
_AGREE, _DIFFER = (1, 2), 4  # levels of the identifiers' terms
_TELLING_NAMES = ("given_name", "family_name", "name", "name_words")  # their last level: nothing in common
# Terms whose agreement says more than a place. A web site is none: groups, chains and portals share one.
_BESIDE_PLACE = ("tax_id", "national_id", "passport", "lei", "duns", "email", "phone", "date_of_birth")

Chosen = npt.NDArray[np.bool_]


def contradicted(model: KindModel, records: Prepared, left: Rows, right: Rows) -> Chosen:
    """Pairs of which one identifier differs (by more than a slip of the pen) and no other agrees."""
    levels = _identifier_levels(model, records, left, right)
    return np.asarray((levels >= _DIFFER).any(axis=0) & ~np.isin(levels, _AGREE).any(axis=0), dtype=bool)


def numbered_apart(model: KindModel, records: Prepared, left: Rows, right: Rows) -> Chosen:
    """Pairs of organisations each of whose names has a number that the other's lacks, and of which no identifier
    agrees."""
    if model.kind != Kind.ORGANISATION:
        return np.zeros(len(left), bool)
    column = records["name"]
    one, other = column.codes[left], column.codes[right]
    unlike = np.flatnonzero((one >= 0) & (other >= 0) & (one != other))
    codes = np.unique(np.concatenate([one[unlike], other[unlike]]))
    held = dict(zip(codes.tolist(), map(numbers_in, column.values[codes]), strict=True))
    both = [(held[a], held[b]) for a, b in zip(one[unlike].tolist(), other[unlike].tolist(), strict=True)]
    apart = np.zeros(len(left), bool)
    apart[unlike] = [bool(a - b and b - a) for a, b in both]
    rows = np.flatnonzero(apart)
    apart[rows[_agree_on_an_identifier(model, records, left[rows], right[rows])]] = False
    return apart


def automatic(model: KindModel, records: Prepared, scored: Scored) -> Chosen:
    """The pairs that are joined by themselves."""
    chosen = scored.total >= _threshold(model, records, scored.left, scored.right)
    for forbids in (contradicted, numbered_apart):
        rows = np.flatnonzero(chosen)
        chosen[rows[forbids(model, records, scored.left[rows], scored.right[rows])]] = False
    return np.asarray(chosen, dtype=bool)


def asked(model: KindModel, records: Prepared, scored: Scored, joined: Chosen) -> Chosen:
    """The pairs of those from the review threshold up that a steward is shown; `joined` are automatic."""
    chosen = ~joined & (scored.total >= model.thresholds.review)
    rows = np.flatnonzero(chosen & (scored.total < model.thresholds.automatic))
    chosen[rows[share_only_a_place(model, records, scored.left[rows], scored.right[rows])]] = False
    return np.asarray(chosen, dtype=bool)


def share_only_a_place(model: KindModel, records: Prepared, left: Rows, right: Rows) -> Chosen:
    """Pairs whose names have nothing but usual words in common, and of which no identifier, e-mail, phone or date of
    birth agrees."""
    others = [term for term in model.terms if term.name in _BESIDE_PLACE]
    view = PairView(records, model.frequencies, left, right)
    chosen = _unlike_names(model, view)
    levels, _ = compare(others, view)
    for term, level in zip(others, levels, strict=True):
        chosen &= ~np.isin(level, sorted(term.weighted))
    return np.asarray(chosen, dtype=bool)


def _unlike_names(model: KindModel, view: PairView) -> Chosen:
    """Pairs whose names have nothing in common, or of which each has rare words, none of them the other's."""
    terms = [term for term in model.terms if term.name in _TELLING_NAMES]
    levels, rarities = compare(terms, view)
    unlike = np.all([level == len(term.levels) - 1 for term, level in zip(terms, levels, strict=True)], axis=0)
    if model.kind == Kind.ORGANISATION:
        shared = next(row for row, term in enumerate(terms) if term.name == "name_words")
        rest = compare([term for term in model.terms if term.name == "other_words"], view)[0][0]
        unlike |= (rest == HEAVY_BOTH) & (rarities[shared] < USUAL)
    return np.asarray(unlike, dtype=bool)


def _identifier_levels(model: KindModel, records: Prepared, left: Rows, right: Rows) -> Levels:
    terms = [term for term in model.terms if term.group == IDENTIFIER_GROUP]
    return compare(terms, PairView(records, model.frequencies, left, right))[0]


def _agree_on_an_identifier(model: KindModel, records: Prepared, left: Rows, right: Rows) -> Chosen:
    return np.asarray(np.isin(_identifier_levels(model, records, left, right), _AGREE).any(axis=0), dtype=bool)


def band_of(model: KindModel, records: Prepared, left: int, right: int, total: float) -> tuple[str, str]:
    """A pair's band, and why it is not automatic where the score alone would make it so."""
    thresholds, one, other = model.thresholds, np.array([left]), np.array([right])
    needed = _threshold(model, records, one, other)[0]
    if total >= min(needed, thresholds.automatic):
        if contradicted(model, records, one, other)[0]:
            return REVIEW, CONTRADICTING
        if numbered_apart(model, records, one, other)[0]:
            return REVIEW, NUMBERED_APART
        if total < needed:
            return REVIEW, OF_ONE_SOURCE
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
