"""Relations out of columns: what a `Relation` of an adapter makes of each row."""

from collections.abc import Callable, Iterator, Sequence
from itertools import repeat

from party_hub.domain.canonical import values
from party_hub.domain.canonical.draft import Problem, no_date
from party_hub.domain.relations import BadRelation, relation
from party_hub.domain.relations import Relation as Said

from .adapter import Period, Relation

Column = Callable[[str], Sequence[str]]
Days = tuple[str, str]


def relations_of(item: Relation, column: Column, formats: tuple[str, ...]) -> Iterator[tuple[int, Said | Problem]]:
    """The relation that each row says by `item`, or why it cannot be read; rows that say none are passed over.

    `column` gives a column's cleaned texts, all empty where the file has none of that name.
    """
    exceptions = [next(filter(None, texts), "") for texts in zip(*map(column, item.exceptions), strict=True)]
    types, named, reference = column(item.type if item.kinds else ""), column(item.column), column(item.reference)
    share, ended = column(item.share), column(item.ended)
    for at, (text, exception) in enumerate(zip(named, exceptions or repeat(""), strict=False)):
        if not (text or exception):
            if item.needed:
                yield at, Problem(item.column or item.exceptions[0], "The row names nobody.")
            continue
        if item.kinds and types[at] not in item.kinds:
            choices = ", ".join(item.kinds)
            yield at, Problem(item.type, f"{types[at][:60]!r} is no relationship of this feed ({choices}).")
            continue
        try:
            since, until = _days(item.periods, column, at, formats) if item.periods else ("", "")
            said = relation(
                item.kinds[types[at]] if item.kinds else item.type, item.scheme, text, exception=exception,
                reference=reference[at], since=since, until=until, share=share[at], ended=ended[at] in item.ended_texts,
            )  # fmt: skip
        except BadRelation as problem:
            if item.needed:
                yield at, Problem(item.column, str(problem))
        else:
            if said is not None:
                yield at, said


def _days(periods: Sequence[Period], column: Column, at: int, formats: tuple[str, ...]) -> Days:
    """First and last day of the first period that counts and says one. Raises BadRelation."""
    for period in periods:
        texts = column(period.since)[at], column(period.until)[at]
        if any(texts) and (not period.kind or column(period.kind)[at] == period.means):
            return _day(texts[0], formats), _day(texts[1], formats)
    return "", ""


def _day(text: str, formats: tuple[str, ...]) -> str:
    try:
        day = values.day(text, formats) if text else None
    except ValueError:
        raise BadRelation(no_date(text)) from None
    return day.isoformat() if day else ""
