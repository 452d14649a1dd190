"""What feeds' rules say, why rows wait and why runs failed, in the reader's language: `ingestion` kept it in English.

What is kept may be several sentences, one after another; where personal values are hidden, "…" stands for what is
quoted.
"""

import re

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import get_language, gettext, gettext_noop

from ingestion.models import Stage

from . import run_phrases
from .phrasebook import Phrasebook

# As a rule, or what reads a row, says it.
_PHRASES = (
    gettext_noop("The row cannot be read as its feed promises."),
    gettext_noop("The key occurs more than once in the file."),
    gettext_noop("The check digits of the LEI are wrong."),
    gettext_noop("The row says that it takes effect later than tomorrow."),
    gettext_noop("The date of birth is before 1901 or in the future."),
    gettext_noop("More than one in ten tax ids fails its country's check."),
    gettext_noop("A cell holds a placeholder, or what its attribute cannot be, and is left out."),
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
    gettext_noop("Less than %(share)s of the rows have a %(column)s."),
    (r"The key occurs more than once in the file; (?:line )?(?P<line>\d+|…) was taken\.",
     gettext_noop("The key occurs more than once in the file; line %(line)s was taken.")),
    gettext_noop("The key is longer than %(number)s signs."),
    gettext_noop("The source is none of %(known)s."),
    gettext_noop("1 row; %(usual)s are usual."),
    gettext_noop("%(rows)s rows; %(usual)s are usual."),
    gettext_noop("%(since)s after the load before; %(interval)s is usual."),
    gettext_noop("%(text)s is no date that exists."),
    gettext_noop("%(text)s is no point in time that exists."),
    gettext_noop("%(text)s is no party type of this feed (%(known)s)."),
    gettext_noop("%(text)s is no party type (%(known)s)."),
    gettext_noop("%(text)s is no relationship of this feed (%(known)s)."),
    gettext_noop("%(text)s is no code of a relationship type (small letters, digits and _)."),
    gettext_noop("%(text)s is no code of an exception (capitals and _)."),
    gettext_noop("%(text)s, which names the %(type)s, is no true %(scheme)s."),
    gettext_noop("%(text)s is no share from 0 to 100 per cent."),
    gettext_noop("The relation ends (%(until)s) before it begins (%(since)s)."),
    gettext_noop("%(text)s is neither upsert nor withdraw."),
    gettext_noop("%(text)s is no country."),
    gettext_noop("%(text)s is no whole number."),
    gettext_noop("%(what)s is not %(shape)s."),
    (r"identifiers is not of a known scheme \((?P<known>[^)]*)\)\.",
     gettext_noop("An identifier is not of a known scheme (%(known)s).")),
    gettext_noop("There is no attribute %(text)s."),
    gettext_noop("%(what)s can be taken from one column only, not from %(columns)s."),
)  # fmt: skip
# Words within them that no page has elsewhere.
WORDS = (
    gettext_noop("lei"), gettext_noop("a text"), gettext_noop("a number"), gettext_noop("a list of texts"),
    gettext_noop("a list of objects"), gettext_noop("a picture"), gettext_noop("a PDF document"),
    gettext_noop("an Office document"), gettext_noop("an XML or HTML document"), gettext_noop("a JSON document"),
)  # fmt: skip
_SENTENCE = re.compile(r".*?[.?!)](?: |$)|.+$", re.DOTALL)


def feed_sentence(said: str) -> str:
    """The sentences in words; those that are not known stay as they are."""
    if (get_language() or "en").startswith("en"):
        return said
    told, at = list[str](), 0
    while at < len(said):
        if (found := _BOOK.find(said, at)) is None:
            end = _SENTENCE.match(said, at).end()  # type: ignore[union-attr]
            found = said[at:end].removesuffix(" "), end
        text, at = found
        told.append(text)
    return " ".join(told)


def _word(text: str) -> str:
    """A column, an attribute or a shape, which pages mostly write with a capital."""
    told = gettext(text)
    return told if told != text else gettext(text.capitalize())


def _number(text: str) -> str:
    plain = text.replace(",", "")
    return str(intcomma(int(plain))) if plain.isdecimal() else text


_NUMBERS = ("number", "rows", "usual", "failing", "missing", "total")
_BOOK = Phrasebook(
    (*_PHRASES, *run_phrases.PHRASES),
    end="(?: |$)",
    shapes={
        **dict.fromkeys(_NUMBERS, r"[\d,]+"),
        **dict.fromkeys(("line", "run"), r"\d+|…"),
        **dict.fromkeys(("what", "type", "column"), r"[\w -]+"),
        **dict.fromkeys(("share", "scheme", "until", "encoding"), r"\S+"),
        "since": "[^;]+",
        "stage": "|".join(Stage.values),
        "shape": r"a [\w ]+",
        "known": "[^.)]*",
        "text": r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|…""",
    },
    words={
        **dict.fromkeys(_NUMBERS, _number),
        **dict.fromkeys(("column", "shape", "what", "type", "reason"), _word),
        "stage": lambda held: gettext(Stage(held).label),
        "state": lambda held: _word(held).lower(),
    },
)
