"""Identifiers with true check digits: LEI, DUNS, and the tax ids of people and companies in each country."""

import random
from collections.abc import Callable
from datetime import date
from string import ascii_uppercase

from rigour.text.translit import ascii_text
from stdnum import luhn
from stdnum.br import cnpj
from stdnum.cn import ric, uscc
from stdnum.es import cif, dni
from stdnum.fr import nif, nir
from stdnum.gb import utr
from stdnum.gr import vat as gr_vat
from stdnum.iso7064 import mod_11_10, mod_97_10
from stdnum.it import codicefiscale
from stdnum.jp import cn as jp_cn
from stdnum.pl import pesel
from stdnum.ru import inn

from .chance import Numbers, fill

_ALPHABET = "0123456789" + ascii_uppercase
_ISSUERS = ("5493", "5299", "2138", "9695", "3912", "8156", "2594", "6354", "9845", "8755")
# Districts of Beijing, Shanghai, Hangzhou and Chengdu that were numbered so all along.
_PLACES = ("110101", "110105", "110108", "310101", "310104", "310106", "330122", "330127", "510121")
_MONTHS = "ABCDEHLMPRST"  # of the Italian codice fiscale


class Issuer:
    """Gives out identifiers that never repeat; `chance` fills what a number leaves free."""

    def __init__(self, chance: random.Random):
        self._chance = chance
        self._serial = {digits: Numbers(digits, chance.getrandbits(48)) for digits in (6, 7, 8, 9, 10, 12)}

    def _digits(self, count: int) -> str:
        return self._serial[count].draw()

    def duns(self) -> str:
        """Nine digits, the last by Luhn as D&B computed it until 2006."""
        stem = self._digits(8)
        return stem + luhn.calc_check_digit(stem)

    def lei(self) -> str:
        """A Legal Entity Identifier (ISO 17442): issuer, 00, twelve signs, two check digits (ISO 7064 mod 97-10)."""
        chance = self._chance
        unique = self._digits(8) + "".join(_ALPHABET[int(chance.random() * 36)] for _ in range(4))
        stem = f"{_ISSUERS[int(chance.random() * 10)]}00{unique}"
        return stem + str(mod_97_10.calc_check_digits(stem))

    def red_code(self) -> str:
        """Six capitals and digits, as Markit names a reference entity."""
        number, signs = int(self._digits(8)), ""
        for _ in range(6):
            number, rest = divmod(number, 34)
            signs = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"[rest] + signs
        return signs

    def registration(self) -> str:
        """Eight digits of a company register."""
        return self._digits(8)

    def passport(self) -> str:
        """A letter or two and seven digits."""
        return fill("L", self._chance) + self._digits(8)

    def person_tax(self, country: str, born: date, male: bool, name: tuple[str, str]) -> str | None:
        """A tax id of a person born then, of `name` (given, family); None where no number can be checked."""
        make = _PERSON.get(country)
        return make(self, born, male, name) if make else None

    def company_tax(self, country: str) -> str | None:
        """A tax id of a company."""
        make = _COMPANY.get(country)
        return make(self) if make else None

    def national_id(self, country: str, born: date, male: bool) -> str | None:
        """A national id where it is another number than the tax id."""
        if country != "FR":
            return None
        stem = f"{1 if male else 2}{born:%y%m}{self._chance.randrange(1, 96):02d}{self._digits(6)}"
        if stem[5:7] == "20":  # the department of Corsica is written 2A and 2B since 1976
            stem = f"{stem[:5]}21{stem[7:]}"
        return stem + str(nir.calc_check_digits(stem))

    # -- One method a national format; the name says which ----------------------------------------------------------

    def ssn(self, *_: object) -> str:
        number = int(self._digits(9))
        area, rest = number // 1_000_000 % 665 + 1, number % 1_000_000
        return f"{area:03d}{rest // 10_000 % 99 + 1:02d}{rest % 9_999 + 1:04d}"

    def ein(self) -> str:
        return self._chance.choice(("12", "20", "26", "36", "45", "52", "61", "75", "82", "95")) + self._digits(7)

    def utr(self, *_: object) -> str:
        stem = self._digits(9)
        return utr.calc_check_digit(stem) + stem

    def idnr(self, *_: object) -> str:
        signs = list("1234567890")
        self._chance.shuffle(signs)
        doubled = signs[1:] if signs[0] == "0" else signs[:9]
        doubled.insert(self._chance.randrange(3, 9), doubled[0])
        stem = "".join(doubled)
        return stem + mod_11_10.calc_check_digit(stem)

    def de_vat(self) -> str:
        stem = str(int(self._digits(7)) + 10_000_000)
        return "DE" + stem + mod_11_10.calc_check_digit(stem)

    def nif(self, *_: object) -> str:
        stem = str(self._chance.randrange(4)) + self._digits(9)
        return stem + nif.calc_check_digits(stem)

    def siren(self) -> str:
        stem = self._digits(8)
        return stem + luhn.calc_check_digit(stem)

    def dni(self, *_: object) -> str:
        stem = self._digits(8)
        return stem + dni.calc_check_digit(stem)

    def cif(self) -> str:
        stem = self._chance.choice("AB") + self._digits(7)
        return stem + cif.calc_check_digits(stem)[0]

    def codice_fiscale(self, born: date, male: bool, name: tuple[str, str]) -> str:
        day = born.day + (0 if male else 40)
        place = f"{self._chance.choice('ABCDEFGHIL')}{self._chance.randrange(1, 999):03d}"
        stem = f"{_consonants(name[1])}{_consonants(name[0])}{born:%y}{_MONTHS[born.month - 1]}{day:02d}{place}"
        return stem + codicefiscale.calc_check_digit(stem)

    def iva(self) -> str:
        stem = self._digits(7) + f"{self._chance.randrange(1, 101):03d}"
        return stem + luhn.calc_check_digit(stem)

    def bsn(self, *_: object) -> str:
        while True:
            stem = self._digits(8)
            check = sum((9 - at) * int(sign) for at, sign in enumerate(stem)) % 11
            if check < 10:
                return stem + str(check)

    def btw(self) -> str:
        return f"NL{self.bsn()}B01"

    def personnummer(self, born: date, *_: object) -> str:
        stem = f"{born:%y%m%d}{self._chance.randrange(1000):03d}"
        return f"{stem[:6]}-{stem[6:]}{luhn.calc_check_digit(stem)}"

    def orgnr(self) -> str:
        stem = "55" + self._digits(7)
        return stem + luhn.calc_check_digit(stem)

    def pesel(self, born: date, male: bool, *_: object) -> str:
        month = born.month + (20 if born.year >= 2000 else 0)
        last = self._chance.randrange(0, 10, 2) + int(male)
        stem = f"{born:%y}{month:02d}{born:%d}{self._chance.randrange(1000):03d}{last}"
        return stem + pesel.calc_check_digit(stem)

    def nip(self) -> str:
        while True:
            stem = self._digits(9)
            check = sum(weight * int(sign) for weight, sign in zip((6, 5, 7, 2, 3, 4, 5, 6, 7), stem, strict=True)) % 11
            if check < 10:
                return stem + str(check)

    def afm(self, *_: object) -> str:
        stem = self._digits(8)
        return stem + gr_vat.calc_check_digit(stem)

    def person_inn(self, *_: object) -> str:
        stem = self._digits(10)
        return stem + inn.calc_personal_check_digits(stem)

    def company_inn(self) -> str:
        stem = self._digits(9)
        return stem + inn.calc_company_check_digit(stem)

    def jp_corporate(self) -> str:
        stem = self._digits(12)
        return jp_cn.calc_check_digit(stem) + stem

    def ric(self, born: date, *_: object) -> str:
        place = self._chance.choice(_PLACES)
        stem = f"{place}{born:%Y%m%d}{self._chance.randrange(1, 1000):03d}"
        return stem + ric.calc_check_digit(stem + "0")  # it looks at all but the last sign

    def uscc(self) -> str:
        stem = "91" + self._chance.choice(_PLACES) + self._digits(9)
        return stem + uscc.calc_check_digit(stem)

    def pan(self, *_: object) -> str:
        return (
            fill("LLL", self._chance)
            + "P"
            + fill("L", self._chance)
            + f"{int(self._digits(6)) % 9_999 + 1:04d}"
            + fill("L", self._chance)
        )

    def company_pan(self) -> str:
        return (
            fill("LLL", self._chance)
            + "C"
            + fill("L", self._chance)
            + f"{int(self._digits(6)) % 9_999 + 1:04d}"
            + fill("L", self._chance)
        )

    def cpf(self, *_: object) -> str:
        stem = self._digits(9)
        for start in (10, 11):
            rest = sum((start - at) * int(sign) for at, sign in enumerate(stem)) * 10 % 11
            stem += str(rest % 10)
        return stem

    def cnpj(self) -> str:
        stem = self._digits(8) + "0001"
        return stem + cnpj.calc_check_digits(stem)

    def nine_digits(self, *_: object) -> str:
        return self._digits(9)


def _consonants(name: str) -> str:
    letters = [sign for sign in ascii_text(name).upper() if sign in ascii_uppercase]
    ordered = [sign for sign in letters if sign not in "AEIOU"] + [sign for sign in letters if sign in "AEIOU"]
    return ("".join(ordered) + "XXX")[:3]


_PERSON: dict[str, Callable[..., str]] = {
    "US": Issuer.ssn, "GB": Issuer.utr, "DE": Issuer.idnr, "FR": Issuer.nif, "ES": Issuer.dni,
    "IT": Issuer.codice_fiscale, "NL": Issuer.bsn,
    "SE": Issuer.personnummer, "PL": Issuer.pesel, "GR": Issuer.afm, "RU": Issuer.person_inn, "CN": Issuer.ric,
    "IN": Issuer.pan,
    "BR": Issuer.cpf, "EG": Issuer.nine_digits,
}  # fmt: skip
_COMPANY: dict[str, Callable[..., str]] = {
    "US": Issuer.ein, "GB": Issuer.utr, "DE": Issuer.de_vat, "FR": Issuer.siren, "ES": Issuer.cif, "IT": Issuer.iva,
    "NL": Issuer.btw,
    "SE": Issuer.orgnr, "PL": Issuer.nip, "GR": Issuer.afm, "RU": Issuer.company_inn, "JP": Issuer.jp_corporate,
    "CN": Issuer.uscc,
    "IN": Issuer.company_pan, "BR": Issuer.cnpj, "EG": Issuer.nine_digits,
}  # fmt: skip
