"""Codes of economic activities that do not name their scheme, as NACE's mostly come: "64.19", "K64.19", "K 64.19".

NACE alone writes a dot, or its section's letter before the number; plain digits may be of any scheme. Sections and
their divisions are those of Regulations (EC) 1893/2006 (Rev. 2) and (EU) 2023/137 (Rev. 2.1); the codes are those of
`reference_data/industries.csv`.
"""

import csv
import re
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

_INDUSTRIES = Path(__file__).parent.parent / "reference_data" / "industries.csv"
_CODE = re.compile(r"(?P<section>[A-V])? ?(?P<division>\d\d)(\.?(?P<rest>\d\d?))?", re.IGNORECASE)
# The first division of each section, from A on, and what comes after the last.
_FIRST = {
    "nace": (1, 5, 10, 35, 36, 41, 45, 49, 55, 58, 64, 68, 69, 77, 84, 85, 86, 90, 94, 97, 99, 100),
    "nace21": (1, 5, 10, 35, 36, 41, 46, 49, 55, 58, 61, 64, 68, 69, 77, 84, 85, 86, 90, 94, 97, 99, 100),
}


@lru_cache(maxsize=100_000)
def industry(text: str) -> str:
    """The code with its scheme, "nace:64.19", where the text is one of NACE's; else the text as it is.

    Where both revisions have the code under one title, it is that of Rev. 2; where they mean different things by it,
    nobody can tell which was meant.
    """
    found = _CODE.fullmatch(text)
    if found is None or not (found["section"] or "." in text):
        return text
    code = found["division"] + (f".{found['rest']}" if found["rest"] else "")
    schemes = [
        scheme for scheme, titles in _titles().items() if code in titles and _fits(scheme, found["section"], code)
    ]
    alike = len({_titles()[scheme][code].casefold() for scheme in schemes}) == 1
    return f"{schemes[0]}:{code}" if alike else text


def _fits(scheme: str, section: str | None, code: str) -> bool:
    """Whether the code is of the section, where one is said."""
    return section is None or _sections(scheme).get(int(code[:2])) == section.upper()


@cache
def _sections(scheme: str) -> dict[int, str]:
    """The section of each division."""
    spans = enumerate(pairwise(_FIRST[scheme]))
    return {division: chr(ord("A") + at) for at, (first, after) in spans for division in range(first, after)}


@cache
def _titles() -> dict[str, dict[str, str]]:
    """The titles of both revisions by code, the earlier first."""
    found: dict[str, dict[str, str]] = {scheme: {} for scheme in _FIRST}
    with _INDUSTRIES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["scheme"] in found:
                found[row["scheme"]][row["code"]] = row["title"]
    return found
