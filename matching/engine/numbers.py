"""The numbers in an organisation's name, however they are written: figures, words, ordinals, Roman numerals."""

import re

_CARDINALS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    "twentieth",
)
# A lone "i", "v" or "x" is more often a letter.
_ROMAN = (
    *("ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii"),
    "xviii",
    "xix",
)
_VALUES = {
    **{word: value for words in (_CARDINALS, _ORDINALS) for value, word in enumerate(words, start=1)},
    **dict(zip(_ROMAN, (2, 3, 4, 6, 7, 8, 9, *range(11, 20)), strict=True)),
}
_FIGURES = re.compile(r"\d+")


def numbers_in(name: str) -> frozenset[int]:
    """The values of the numbers in a name in comparison form; figures count within a word too ("no4", "3x")."""
    words = (_VALUES[word] for word in name.split() if word in _VALUES)
    return frozenset([*map(int, _FIGURES.findall(name)), *words])
