"""The parties themselves, before any source has written them down: people with households, companies with families."""

import random
from collections import deque
from dataclasses import replace
from datetime import date, timedelta

from rigour.text.translit import ascii_text

from .chance import Skewed, fill
from .numbers import Issuer
from .party import LAST_DAY, Company, Person, Place
from .vocabulary import Country, Word, countries, words

_ACRONYM = "ABCDEFGHIKLMNOPRSTVWX"


class Population:
    """Makes parties one after the other; a new one may live with, or belong to, one made shortly before."""

    def __init__(self, chance: random.Random):
        self._chance = chance
        self._issue = Issuer(chance)
        self._countries = Skewed(
            list(countries().values()), weights=[country.weight for country in countries().values()]
        )
        self._industries, self._sectors = Skewed(words()["sic"], slope=0.6), Skewed(words()["sectors"], slope=0.7)
        self._people: deque[Person] = deque(maxlen=400)
        self._companies: deque[Company] = deque(maxlen=300)
        self._agents: dict[str, list[Place]] = {}
        self._count = 0

    def place(self, country: Country) -> Place:
        """An address in the country."""
        chance = self._chance
        city = country.cities.pick(chance)
        form, street = country.street_forms.pick(chance), country.streets.pick(chance)
        number, floor, unit = (
            str(int(10 ** (0.4 + chance.random() * 2.6))),
            str(chance.randrange(1, 9)),
            str(chance.randrange(1, 600)),
        )
        native = form.native.format(street=street.native, number=number, floor=floor)
        latin = form.latin.format(street=street.latin, number=number, floor=floor)
        if chance.random() < 0.16:
            extra = country.units.pick(chance)
            native += ", " + extra.native.format(floor=floor, unit=unit)
            latin += ", " + extra.latin.format(floor=floor, unit=unit)
        return Place(Word(native, latin), city.name, city.region, fill(city.postcode, chance), country.code)

    def _phone(self, country: Country) -> str:
        return fill(self._chance.choice(country.phones), self._chance)

    def _born(self) -> date:
        age = 18 + 76 * self._chance.betavariate(1.5, 1.9)
        return LAST_DAY - timedelta(days=int(age * 365.25))

    def person(self) -> Person:
        """A new individual: mostly a stranger, one in eight a relative or a namesake of someone made before."""
        chance = self._chance
        country = self._countries.pick(chance)
        # People move: some bear the names of another country, in Latin letters.
        origin = self._countries.pick(chance) if chance.random() < (0.2 if country.code == "US" else 0.06) else country
        abroad = origin is not country
        male = chance.random() < 0.5
        names = origin.male if male else origin.female
        family = origin.family.pick(chance)[0 if male else 1]
        given, middle = names.pick(chance), names.pick(chance) if chance.random() < 0.4 else None
        maiden = origin.family.pick(chance).female if not male and chance.random() < 0.14 else None
        if abroad:
            given, family = Word(given.latin, given.latin), Word(family.latin, family.latin)
            middle, maiden = middle and Word(middle.latin, middle.latin), maiden and Word(maiden.latin, maiden.latin)
        self._count += 1
        born = self._born()
        person = Person(
            number=self._count,
            country=country.code,
            script="Latn" if abroad else country.script,
            family_first=country.family_first and not abroad,
            male=male,
            given=given,
            middle=None if country.family_first else middle,
            family=family,
            suffix="",
            maiden=maiden,
            born=born,
            tax_id=None,
            national_id=None,
            passport=self._issue.passport(),
            place=self.place(country),
            former_place=self.place(country) if chance.random() < 0.2 else None,
            phone=self._phone(country),
            mobile=self._phone(country),
            email="",
        )
        if self._people and chance.random() < 0.13:
            self._relate(person, chance.choice(self._people))
        person.tax_id = self._issue.person_tax(
            person.country, person.born, male, (person.given.native, person.family.native)
        )
        person.national_id = self._issue.national_id(person.country, person.born, male)
        person.email = self._email(person, countries()[person.country])
        self._employ(person)
        self._people.append(person)
        return person

    def _relate(self, person: Person, other: Person) -> None:
        """Make `person` a spouse, child, twin or namesake of `other`."""
        chance = self._chance
        kind = chance.random()
        person.country, person.script, person.family_first = other.country, other.script, other.family_first
        if kind < 0.15:  # a namesake in the same town, no relation
            person.given, person.family, person.male = other.given, other.family, other.male
            person.place = replace(
                person.place, city=other.place.city, region=other.place.region, country=other.country
            )
            if other.place.country != person.place.country:
                person.place = other.place
            return
        origin = countries()[other.country]
        if other.script == origin.script:
            names = origin.male if person.male else origin.female
            person.given = names.pick(chance)
        person.family, person.place = other.family, other.place
        if chance.random() < 0.7:
            person.phone = other.phone
        if kind < 0.30 and other.male:  # the son bears his father's name
            person.given, person.male, person.suffix = other.given, True, "Jr" if other.country == "US" else ""
            person.born = min(
                other.born + timedelta(days=chance.randrange(20, 36) * 365), LAST_DAY - timedelta(days=6600)
            )
        elif kind < 0.42:  # a twin
            person.born = other.born

    def _employ(self, person: Person) -> None:
        """One in five works for a company made before; by the number, so that nothing else of the sample changes."""
        if self._companies and person.number % 5 == 0:
            person.employer = self._companies[person.number % len(self._companies)].duns
            person.employed_since = f"{LAST_DAY.year - person.number % 17}-{1 + person.number % 12:02}-01"

    def _email(self, person: Person, country: Country) -> str:
        chance = self._chance
        given, family = (
            "".join(sign for sign in ascii_text(word.latin).lower() if sign.isalnum())
            for word in (person.given, person.family)
        )
        tail = chance.choice(("", "", str(chance.randrange(1, 99)), f"{person.born:%y}"))
        return f"{given}{chance.choice(('.', '_', ''))}{family}{tail}@{country.mail.pick(chance)}"

    def company(self) -> Company:
        """A new organisation; one in six is a daughter or sister of one made before, under a near-equal name."""
        chance = self._chance
        country = self._countries.pick(chance)
        parent = chance.choice(self._companies) if self._companies and chance.random() < 0.17 else None
        if parent and chance.random() < 0.6:
            country = countries()[parent.country]
        name, core = self._name(country)
        place, phone = self._seat(country), self._phone(country)
        if parent:
            name, core = self._daughter_name(parent, country), parent.core
            if country.code == parent.country:
                place = parent.place if chance.random() < 0.5 else place
                phone = parent.phone if chance.random() < 0.25 else phone
        self._count += 1
        duns = self._issue.duns()
        domain = parent.website if parent and chance.random() < 0.4 else self._domain(name, country)
        company = Company(
            number=self._count,
            country=country.code,
            script=country.script if parent is None or parent.country == country.code else "Latn",
            name=name,
            core=core,
            legal=country.legal.pick(chance),
            legal_first=country.legal_first,
            trade_style=self._name(country)[0] if chance.random() < 0.08 else None,
            former_name=self._name(country)[0] if chance.random() < 0.05 else None,
            started=LAST_DAY - timedelta(days=int(365 * (1 + 90 * chance.betavariate(1.1, 3.2)))),
            tax_id=self._issue.company_tax(country.code),
            registration=self._issue.registration(),
            lei=self._issue.lei() if chance.random() < 0.45 else None,
            duns=duns,
            ultimate=parent.ultimate if parent else duns,
            parent=parent.duns if parent else duns,
            domestic=parent.domestic if parent and parent.country == country.code else duns,
            markit_id=self._issue.registration().lstrip("0") or "1",
            red_code=self._issue.red_code(),
            ticker="".join(chance.choice(_ACRONYM) for _ in range(chance.choice((3, 4, 4, 5)))),
            sic=self._industries.pick(chance),
            sector=self._sectors.pick(chance),
            employees=int(10 ** (chance.random() ** 1.6 * 4.8)),
            active=chance.random() < 0.94,
            place=place,
            former_place=self.place(country) if chance.random() < 0.15 else None,
            phone=phone,
            website=domain,
            email=f"{chance.choice(('info', 'contact', 'office', 'sales'))}@{domain}",
        )
        self._companies.append(company)
        return company

    def _seat(self, country: Country) -> Place:
        """A seat; one in fourteen at a registered agent's, where many companies share one address."""
        if self._chance.random() >= 0.07:
            return self.place(country)
        agents = self._agents.setdefault(country.code, [])
        if len(agents) < 12:
            agents.append(self.place(country))
        return self._chance.choice(agents)

    def _domain(self, name: Word, country: Country) -> str:
        stem = "".join(sign for sign in ascii_text(name.latin).lower() if sign.isalnum())[:24] or "company"
        home = {"GB": "co.uk", "US": "org", "BR": "com.br"}.get(country.code, country.code.lower())
        return f"{stem}.{self._chance.choice(('com', 'com', 'com', 'net', home))}"

    def _name(self, country: Country) -> tuple[Word, Word]:
        """A company's name and its core: a coined word, a family, a town or an acronym, with a trade."""
        chance = self._chance
        kind, trade = chance.random(), country.trades.pick(chance)
        if kind < 0.40:
            coined = (
                chance.choice(words()["onsets"])
                + (chance.choice(words()["middles"]) if chance.random() < 0.6 else "")
                + chance.choice(words()["codas"])
            )
            core = Word(coined, coined)
        elif kind < 0.72:
            core = country.family.pick(chance).male
            if chance.random() < 0.3:
                core = _spaced(core, country.sons)
        elif kind < 0.86:
            core = country.cities.pick(chance).name
            trade = _spaced(trade, country.trades.pick(chance)) if chance.random() < 0.5 else trade
        else:
            letters = "".join(chance.choice(_ACRONYM) for _ in range(chance.choice((2, 3, 3, 4))))
            core = Word(letters, letters)
        return _spaced(core, trade), core

    def _daughter_name(self, parent: Company, country: Country) -> Word:
        chance = self._chance
        kind = chance.random()
        if kind < 0.45:
            return _spaced(parent.core, country.trades.pick(chance))
        if kind < 0.65:
            return _spaced(parent.name, country.cities.pick(chance).name)
        tail = chance.choice(
            ("Holding", "International", "II", "III", "Europe", "Finance", countries()[country.code].written[1])
        )
        return _spaced(parent.name, Word(tail, ascii_text(tail)))


def _spaced(first: Word, second: Word) -> Word:
    return Word(f"{first.native} {second.native}", f"{first.latin} {second.latin}")
