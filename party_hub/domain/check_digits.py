"""Tax ids and national ids that are true at a glance: in their commonest spelling, with check digits that hold.

python-stdnum takes a number in any spelling and goes over its signs several times, for each kind of number that a
country has. A feed has one in most rows, so the commonest spellings are told by a pattern, and computed with the
library's own formulas. What is true here is true there; of all else the library is asked.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

from stdnum import luhn
from stdnum.cn import ric
from stdnum.es import cif, dni
from stdnum.exceptions import ValidationError
from stdnum.fr import nif
from stdnum.gb import utr, vat
from stdnum.iso7064 import mod_11_10
from stdnum.nl import bsn
from stdnum.pl import nip

Check = Callable[[str], bool]


def _shaped(pattern: str, holds: Check = lambda value: True) -> Check:
    """True for what has this shape, and check digits that hold."""
    fits = re.compile(pattern, re.ASCII).fullmatch
    return lambda value: fits(value) is not None and holds(value)


@lru_cache(maxsize=4096)
def _is_place_in_china(place: str, year: str) -> bool:
    """Whether a county had this number in this year; the library goes through all of them."""
    try:
        ric.get_birth_place(f"{place}{year}0101")
    except (ValidationError, KeyError):  # the library stumbles over a county that its province does not have
        return False
    return True


def _is_born_in_china(value: str) -> bool:
    """A resident identity number: place, day of birth, serial number, check digit."""
    if value[-1] != ric.calc_check_digit(value):
        return False
    try:
        date.fromisoformat(f"{value[6:10]}-{value[10:12]}-{value[12:14]}")
    except ValueError:
        return False
    return _is_place_in_china(value[:6], value[6:10])


def _is_of_spain(value: str) -> bool:
    """The number of a person, which begins with a digit, or of an organisation, which begins with its kind."""
    if value[0].isdigit():
        return value[-1] == dni.calc_check_digit(value[:-1])
    return value[-1] in cif.calc_check_digits(value[:-1])


# By country and module of python-stdnum.
_AT_A_GLANCE: dict[tuple[str, str], Check] = {
    ("CN", "ric"): _shaped(r"\d{17}[\dX]", _is_born_in_china),
    ("DE", "stnr"): _shaped(r"\d{10,11}"),  # as the states write them; they have no check digit in common
    ("DE", "vat"): _shaped(r"DE[1-9]\d{8}", lambda value: mod_11_10.checksum(value[2:]) == 1),
    ("ES", "nif"): _shaped(r"\d{8}[A-Z]|[A-HJNP-SUVW]\d{7}[\dA-J]", _is_of_spain),
    ("FR", "nif"): _shaped(r"[0-3]\d{12}", lambda value: nif.calc_check_digits(value) == value[-3:]),
    ("FR", "siren"): _shaped(r"\d{9}", lambda value: luhn.checksum(value) == 0),
    ("GB", "utr"): _shaped(r"\d{10}", lambda value: utr.calc_check_digit(value[1:]) == value[0]),
    ("GB", "vat"): _shaped(r"(GB)?[1-9]\d{8}", lambda value: vat.checksum(value[-9:]) in (0, 42, 55)),
    ("IN", "pan"): _shaped(r"[A-Z]{3}[ABCFGHJKLPT][A-Z](?!0000)\d{4}[A-Z]"),
    # An Italian one holds the number of the province that gave it.
    ("IT", "iva"): _shaped(r"(?!0{7})\d{7}(?!000)(0\d\d|100|12[01])\d", lambda value: luhn.checksum(value) == 0),
    ("NL", "bsn"): _shaped(r"(?!0{9})\d{9}", lambda value: bsn.checksum(value) == 0),
    ("PL", "nip"): _shaped(r"\d{10}", lambda value: nip.checksum(value) == 0),
    # An SSN; three were printed on sample cards and never given to anybody.
    ("US", "tin"): _shaped(r"(?!000|666|9|078051120|457555462|219099999)\d{3}(?!00)\d\d(?!0000)\d{4}"),
}


def true_at_a_glance(value: str, country: str, modules: Sequence[str]) -> bool:
    """True where one of these modules of python-stdnum would take `value` for certain; False says nothing."""
    for module in modules:
        check = _AT_A_GLANCE.get((country, module))
        if check is not None and check(value):
            return True
    return False
