"""What happens to the truth on its way into a system: slips, abbreviations, blanks, placeholders, swapped fields."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from rigour.text.translit import ascii_text

from .chance import slip
from .party import Person, Place
from .vocabulary import Word, countries, nicknames

_SHORT = {
    "Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Lane": "Ln", "Boulevard": "Blvd", "Parkway": "Pkwy",
    "North": "N",
    "Suite": "Ste", "Apartment": "Apt", "Calle": "C/", "Avenida": "Avda.", "avenue": "av.", "boulevard": "bd",
    "Rua": "R.", "Via": "V.",
}  # fmt: skip
_SHORT_TRADES = {
    "International": "Intl", "Technologies": "Tech", "Services": "Svcs", "Management": "Mgmt", "Industries": "Inds",
    "Holdings": "Hldgs",
    "Group": "Grp", "Investments": "Inv", "Partners": "Ptnrs", "Construction": "Constr", "Manufacturing": "Mfg",
    " and ": " & ",
}  # fmt: skip
_UMLAUTS = str.maketrans(
    {"ü": "ue", "ö": "oe", "ä": "ae", "ß": "ss", "Ü": "Ue", "Ö": "Oe", "Ä": "Ae", "å": "aa", "ø": "oe"}
)
_PHONE_PLACEHOLDERS = ("000000", "+1 999 999 9999", "0000000000", "n/a")
_ID_PLACEHOLDERS = ("000000000", "999999999", "123456789", "N/A")
_TEXT_PLACEHOLDERS = ("n/a", "unknown", "-", "N.A.", "TBD")


@dataclass(frozen=True)
class Habits:
    """How one source writes: the share of values that meet each fate."""

    slips: float
    blanks: float
    short: float
    capitals: float
    stale: float  # the former address is still on file
    latin: float  # everything in Latin letters
    plain: float  # no accents
    nicknames: float
    swaps: float


CRM = Habits(
    slips=0.14, blanks=0.20, short=0.35, capitals=0.03, stale=0.5, latin=0.15, plain=0.10, nicknames=0.18, swaps=0.02
)
DNB = Habits(
    slips=0.05, blanks=0.10, short=0.50, capitals=0.75, stale=0.35, latin=1.0, plain=0.8, nicknames=0, swaps=0.004
)
MARKIT = Habits(
    slips=0.03, blanks=0.15, short=0.25, capitals=0.25, stale=0.3, latin=1.0, plain=0.5, nicknames=0, swaps=0.003
)
ONBOARDING = Habits(
    slips=0.06, blanks=0.25, short=0.2, capitals=0.02, stale=0.1, latin=0.3, plain=0.2, nicknames=0.08, swaps=0.01
)


class Wear:
    """One source's pen."""

    def __init__(self, habits: Habits, chance: random.Random):
        self.habits, self.chance = habits, chance

    def often(self, share: float) -> bool:
        """True in `share` of the cases."""
        return self.chance.random() < share

    def blank(self, times: float = 1.0) -> bool:
        """True where the source has nothing."""
        return self.chance.random() < self.habits.blanks * times

    def spell(self, word: Word, latin: bool, slips: float = 1.0) -> str:
        """`word` as this source spells it."""
        text = word.latin if latin else word.native
        if latin and self.often(self.habits.plain):
            text = ascii_text(text.translate(_UMLAUTS) if self.often(0.5) else text)
        return slip(text, self.chance) if self.often(self.habits.slips * slips) else text

    def given(self, person: Person, latin: bool) -> str:
        """The given name, perhaps short."""
        short = nicknames().get(person.given.native if not latin else person.given.latin)
        if short and self.often(self.habits.nicknames):
            return self.chance.choice(short)
        if latin and self.often(0.03):
            return person.given.latin[0] + "."
        return self.spell(person.given, latin, 0.5)

    def company(self, name: Word, legal: list[Word], legal_first: bool, latin: bool) -> tuple[str, str]:
        """The name with its legal form, and the legal form alone; either may be written another way."""
        text = self.spell(name, latin, 0.8)
        if self.often(self.habits.short * 0.4):
            for long, abbreviated in _SHORT_TRADES.items():
                if long in text:
                    text = text.replace(long, abbreviated, 1)
                    break
        if self.often(0.015):
            words = text.split(" ")
            self.chance.shuffle(words)
            text = " ".join(words)
        form = legal[0] if self.often(0.55) else self.chance.choice(legal)
        written = form.latin if latin else form.native
        if self.often(0.14):
            return text, written
        if legal_first and not latin:
            return (f'{written} "{text}"' if self.often(0.6) and written.isupper() else f"{written} {text}"), written
        return f"{text}{', ' if self.often(0.12) else ' '}{written}", written

    def place(self, place: Place, former: Place | None, latin: bool) -> tuple[str, str, str, str, str]:
        """Street, city, region, postcode and country."""
        chance = self.chance
        at = former if former and self.often(self.habits.stale) else place
        street = at.street.latin if latin else at.street.native
        if self.often(self.habits.short):
            street = " ".join(_SHORT.get(word, word) for word in street.split(" "))
        if self.often(self.habits.slips * 0.6):
            street = slip(street, chance)
        city, region, postcode = (
            self.spell(at.city, latin, 0.4),
            at.region.latin if latin else at.region.native,
            at.postcode,
        )
        if self.often(self.habits.slips * 0.3):
            postcode = slip(postcode, chance)
        elif self.often(0.05):
            postcode = postcode.replace(" ", "").replace("-", "")
        if self.often(0.008):
            street, city = city, street
        country = at.country if self.often(0.6) else chance.choice(countries()[at.country].written)
        return (
            "" if self.blank(0.4) else street,
            "" if self.blank(0.2) else city,
            "" if self.blank(1.4) else region,
            "" if self.blank(0.3) else postcode,
            "" if self.blank(0.1) else country,
        )

    def phone(self, number: str) -> str:
        """A number in one of the ways that people write it."""
        if self.blank(1.4):
            return self.chance.choice(_PHONE_PLACEHOLDERS) if self.often(0.03) else ""
        if self.often(self.habits.slips * 0.25):
            number = slip(number, self.chance)
        kind = self.chance.random()
        if kind < 0.35:
            return number.replace(" ", "")
        if kind < 0.45:
            return "00" + number[1:]
        if kind < 0.55:
            head, _, tail = number.partition(" ")
            return f"{head} ({tail.partition(' ')[0]}) {tail.partition(' ')[2].replace(' ', '-')}"
        return number

    def identifier(self, value: str | None, times: float = 1.6) -> str:
        """A number, or its placeholder, or nothing."""
        if value is None or self.blank(times):
            return ""
        if self.often(0.006):
            return self.chance.choice(_ID_PLACEHOLDERS)
        return slip(value, self.chance) if self.often(self.habits.slips * 0.12) else value

    def lei(self, value: str | None, share: float) -> str:
        """The LEI that `share` of the records carry; a few in small letters, very few with a wrong digit."""
        if value is None or not self.often(share):
            return ""
        kind = self.chance.random()
        if kind < 0.004:
            return value[:-1] + str((int(value[-1]) + 1 + self.chance.randrange(8)) % 10)
        return value.lower() if kind < 0.014 else value

    def born(self, day: date) -> str:
        """A date of birth; some mistyped, some the day that stands for none, very few impossible."""
        kind = self.chance.random()
        if kind < 0.006:
            return "1900-01-01"
        if kind < 0.0064:
            return f"{day.year}-02-30"
        if kind < self.habits.slips * 0.3:
            wrong = self.chance.random()
            if wrong < 0.4 and day.day <= 12:
                return f"{day.year}-{day.day:02d}-{day.month:02d}"
            if wrong < 0.6:
                return f"{day.year}-01-01"
            return (day + timedelta(days=self.chance.choice((-3653, -365, -1, 1, 10, 365, 3652)))).isoformat()
        return day.isoformat()

    def stray(self, text: str) -> str:
        """`text`, or very rarely a word that stands for nothing."""
        return self.chance.choice(_TEXT_PLACEHOLDERS) if self.often(0.004) else text

    def shout(self, values: dict[str, str], names: tuple[str, ...]) -> None:
        """Put the named values in capitals, where this source does so."""
        if self.often(self.habits.capitals):
            for name in names:
                values[name] = values[name].upper()
