"""What feeds' rules say and why rows wait, in the reader's language: runs keep these sentences as `ingestion` put them.

A reason may be several sentences, one after another; where personal values are hidden, "…" stands for what is quoted.
"""

import re
from functools import lru_cache

from django.utils.translation import get_language, gettext, gettext_noop

# As a rule, or what reads a row, says it.
PLAIN = (
    gettext_noop("The row cannot be read as its feed promises."),
    gettext_noop("The key occurs more than once in the file."),
    gettext_noop("The check digits of the LEI are wrong."),
    gettext_noop("The row says that it takes effect later than tomorrow."),
    gettext_noop("The date of birth is before 1901 or in the future."),
    gettext_noop("More than one in ten tax ids fails its country's check."),
    gettext_noop("The postcode is not written as its country writes them."),
    gettext_noop("The address lies in another country than the record."),
    gettext_noop("The tax id is of another country than the record."),
    gettext_noop("The legal form is none of its country (ISO 20275)."),
    gettext_noop("The record took effect before its party was incorporated."),
    gettext_noop("The DUNS number is not nine digits."),
    gettext_noop("The event does not say when it takes effect."),
    gettext_noop("The legal jurisdiction is no country."),
    gettext_noop("The file has less than half or more than twice as many rows as usual."),
    gettext_noop("The file came after more than twice the usual interval."),
    gettext_noop("There are too few loads yet to say how many rows are usual."),
    gettext_noop("There are too few loads yet to say when one is due."),
    gettext_noop("The name is missing."),
    gettext_noop("The key is missing."),
    gettext_noop("The row names nobody."),
    gettext_noop("The row holds a zero byte."),
    gettext_noop("The attributes hold a zero byte."),
    gettext_noop("The row has not as many columns as the header, or a quote is not closed."),
    gettext_noop("The line is no JSON object."),
    gettext_noop("The attributes are no JSON object."),
    gettext_noop("Say which column is the key of the record: it tells one record of the source from another."),
    gettext_noop("Say which column is the name, or the family name."),
    gettext_noop("Say what the rows are, or which column tells it."),
)
_QUOTED = r"""(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|…)"""
# The same with what changes from row to row, and how a page says it.
WITH_PLACES = (
    (r"Less than (?P<share>\S+) of the rows have a (?P<column>[\w ]+)\.",
     gettext_noop("Less than %(share)s of the rows have a %(column)s.")),
    (r"The key occurs more than once in the file; (?:line )?(?P<line>\d+|…) was taken\.",
     gettext_noop("The key occurs more than once in the file; line %(line)s was taken.")),
    (r"The key is longer than (?P<number>\d+) signs\.", gettext_noop("The key is longer than %(number)s signs.")),
    (r"The source is none of (?P<known>[^.]+)\.", gettext_noop("The source is none of %(known)s.")),
    (r"(?P<rows>[\d,]+) rows; (?P<usual>[\d,]+) are usual\.", gettext_noop("%(rows)s rows; %(usual)s are usual.")),
    (r"(?P<since>[^;]+) after the load before; (?P<usual>[^;]+) is usual\.",
     gettext_noop("%(since)s after the load before; %(usual)s is usual.")),
    (rf"{_QUOTED} is no date that exists\.", gettext_noop("%(text)s is no date that exists.")),
    (rf"{_QUOTED} is no point in time that exists\.", gettext_noop("%(text)s is no point in time that exists.")),
    (rf"{_QUOTED} is no party type of this feed \((?P<known>[^)]*)\)\.",
     gettext_noop("%(text)s is no party type of this feed (%(known)s).")),
    (rf"{_QUOTED} is no party type \((?P<known>[^)]*)\)\.", gettext_noop("%(text)s is no party type (%(known)s).")),
    (rf"{_QUOTED} is no relationship of this feed \((?P<known>[^)]*)\)\.",
     gettext_noop("%(text)s is no relationship of this feed (%(known)s).")),
    (rf"{_QUOTED} is no code of a relationship type \(small letters, digits and _\)\.",
     gettext_noop("%(text)s is no code of a relationship type (small letters, digits and _).")),
    (rf"{_QUOTED} is no code of an exception \(capitals and _\)\.",
     gettext_noop("%(text)s is no code of an exception (capitals and _).")),
    (rf"{_QUOTED}, which names the (?P<type>[\w ]+), is no true (?P<scheme>\w+)\.",
     gettext_noop("%(text)s, which names the %(type)s, is no true %(scheme)s.")),
    (rf"{_QUOTED} is no share from 0 to 100 per cent\.", gettext_noop("%(text)s is no share from 0 to 100 per cent.")),
    (r"The relation ends \((?P<until>\S+)\) before it begins \((?P<since>\S+)\)\.",
     gettext_noop("The relation ends (%(until)s) before it begins (%(since)s).")),
    (rf"{_QUOTED} is neither upsert nor withdraw\.", gettext_noop("%(text)s is neither upsert nor withdraw.")),
    (rf"{_QUOTED} is no country\.", gettext_noop("%(text)s is no country.")),
    (rf"{_QUOTED} is no whole number\.", gettext_noop("%(text)s is no whole number.")),
    (r"(?P<what>\w+) is not (?P<shape>a [\w ]+)\.", gettext_noop("%(what)s is not %(shape)s.")),
    (r"identifiers is not of a known scheme \((?P<known>[^)]*)\)\.",
     gettext_noop("An identifier is not of a known scheme (%(known)s).")),
    (rf"There is no attribute {_QUOTED}\.", gettext_noop("There is no attribute %(text)s.")),
    (r"(?P<what>[\w -]+) can be taken from one column only, not from (?P<columns>[^.]+)\.",
     gettext_noop("%(what)s can be taken from one column only, not from %(columns)s.")),
)  # fmt: skip
# Words within them that no page has elsewhere.
WORDS = (
    gettext_noop("lei"), gettext_noop("a text"), gettext_noop("a number"), gettext_noop("a list of texts"),
    gettext_noop("a list of objects"),
)  # fmt: skip
_TRANSLATED = ("column", "shape", "what", "type")


def feed_sentence(said: str) -> str:
    """The sentences in words; from the first that is not known on they stay as they are."""
    if (get_language() or "en").startswith("en"):
        return said
    told, at = list[str](), 0
    while at < len(said):
        found = _sentence(said, at)
        if found is None:
            told.append(said[at:])
            break
        text, at = found
        told.append(text)
    return " ".join(told)


def _sentence(said: str, at: int) -> tuple[str, int] | None:
    """The sentence that begins at `at`, translated, and where the next begins; None where it is not known."""
    for pattern, text in _patterns():
        if found := pattern.match(said, at):
            places = {name: _word(place) if name in _TRANSLATED else place for name, place in found.groupdict().items()}
            return (gettext(text) % places if places else gettext(text)), found.end()
    return None


def _word(text: str) -> str:
    """A column, an attribute or a shape, which pages mostly write with a capital."""
    told = gettext(text)
    return told if told != text else gettext(text.capitalize())


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    sentences = [*((re.escape(text), text) for text in PLAIN), *WITH_PLACES]
    return [(re.compile(rf"{pattern}(?: |$)"), text) for pattern, text in sentences]
