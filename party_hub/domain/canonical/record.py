"""One record as a sender says it, made canonical and judged: an event, a line of a JSON file, a call of the API."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..attributes import PartyType
from .draft import Draft, Problem
from .nested import put_attributes
from .values import clean

PARTY_TYPES: dict[str, PartyType] = {"person": PartyType.INDIVIDUAL, **{str(one): one for one in PartyType}}
UPSERT, WITHDRAW = "upsert", "withdraw"
LEI_IS_FALSE = "The check digits of the LEI are wrong."


@dataclass(frozen=True)
class CanonicalRecord:
    """A record in canonical form. `attributes` is JSON text; `flat` its first values by canonical column.

    `problems` says why it cannot be taken; with a false LEI it can be read, but is not to be believed. `unread` are
    the fields that say something of which nothing could be made.
    """

    key: str
    party_type: str
    attributes: str
    effective_at: datetime | None
    withdrawn: bool
    problems: tuple[Problem, ...]
    unread: tuple[str, ...]
    flat: dict[str, Any]

    @property
    def refusals(self) -> tuple[Problem, ...]:
        """Why the record does not become a fact; empty where it does."""
        return self.problems or ((Problem("lei", LEI_IS_FALSE),) if self.flat.get("lei_valid") is False else ())


def canonical_record(
    *,
    key: str,
    attributes: str,
    party_type: str = "",
    effective_at: str = "",
    op: str = UPSERT,
    date_formats: tuple[str, ...] = (),
) -> CanonicalRecord:
    """The record that these texts say; `attributes` is a JSON object in canonical attributes or columns.

    A party type that is left out is guessed from the attributes. Raises nothing: what is wrong is in `problems`.
    """
    draft = Draft(date_formats=date_formats)
    zero = any("\x00" in text for text in (key, attributes, party_type, effective_at, op))
    key, party_type, effective_at, op = clean(key), clean(party_type), clean(effective_at), clean(op)
    withdrawn = op == WITHDRAW
    known = PARTY_TYPES.get(party_type.casefold(), "")
    if party_type and not known:
        draft.wrong("party_type", f"{party_type[:40]!r} is no party type of this feed ({', '.join(PARTY_TYPES)}).")
    if zero:
        draft.wrong("", "The row holds a zero byte.")
    else:
        if op not in (UPSERT, WITHDRAW):
            draft.wrong("op", f"{op[:40]!r} is neither upsert nor withdraw.")
        known = put_attributes(draft, attributes, known, withdrawn)
    draft.check_key(key, "key")
    if not withdrawn:
        draft.check_name("names")
    moment = draft.moment(effective_at, "effective_at")
    text = draft.attributes_text()
    unread = () if withdrawn else tuple(sorted(draft.unread))
    return CanonicalRecord(key, known, text, moment, withdrawn, tuple(draft.problems), unread, draft.flat())
