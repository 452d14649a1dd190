"""What each source writes of a party: CRM, D&B and Markit in their own columns, the onboarding system as events."""

import random
from datetime import date, timedelta
from typing import Any

from .chance import Numbers
from .party import LAST_DAY, Company, Person
from .wear import CRM, DNB, MARKIT, ONBOARDING, Wear

CRM_COLUMNS = (
    "CUSTOMER_ID", "CUSTOMER_TYPE", "FIRST_NAME", "MIDDLE_NAME", "LAST_NAME", "GENDER", "BIRTH_DATE", "NATIONALITY",
    "COMPANY_NAME",
    "TRADING_AS", "LEGAL_FORM", "PREVIOUS_NAME", "TAX_NO", "TAX_COUNTRY", "NATIONAL_ID", "PASSPORT_NO", "LEI",
    "DUNS_NO", "STREET", "CITY",
    "STATE", "ZIP", "COUNTRY", "PHONE", "MOBILE", "EMAIL", "WEBSITE", "EMPLOYER_DUNS", "EMPLOYED_SINCE", "STATUS",
    "LAST_CHANGED",
)  # fmt: skip
DNB_COLUMNS = (
    "DUNS_NUMBER", "PRIMARY_NAME", "TRADE_STYLE", "FORMER_NAME", "LEGAL_FORM", "REGISTRATION_NUMBER", "TAX_ID", "LEI",
    "STREET_ADDRESS",
    "CITY_NAME", "STATE_PROVINCE", "POSTAL_CODE", "COUNTRY_CODE", "TELEPHONE", "WEB_ADDRESS", "SIC_CODE",
    "EMPLOYEES_TOTAL", "START_DATE",
    "PARENT_DUNS", "DOMESTIC_ULTIMATE_DUNS", "GLOBAL_ULTIMATE_DUNS", "OPERATING_STATUS", "UPDATED",
)  # fmt: skip


class Sources:
    """Writes parties down as each source does; gives the key and the row."""

    def __init__(self, chance: random.Random):
        self._chance = chance
        self._crm, self._dnb = Wear(CRM, chance), Wear(DNB, chance)
        self._markit, self._onboarding = Wear(MARKIT, chance), Wear(ONBOARDING, chance)
        self._customers = Numbers(8, chance.getrandbits(48))
        self._duplicates = Numbers(8, chance.getrandbits(48))
        self._applications = Numbers(8, chance.getrandbits(48))

    def _changed(self) -> date:
        """A day in the last seven years, the later the likelier."""
        return LAST_DAY - timedelta(days=int(2600 * (1 - self._chance.random() ** 0.5)))

    def crm_person(self, person: Person) -> tuple[str, dict[str, str]]:
        """A customer who is an individual."""
        pen, chance = self._crm, self._chance
        latin = person.script == "Latn" or pen.often(CRM.latin)
        family = person.maiden if person.maiden and pen.often(0.3) else person.family
        row = self._crm_place(person, latin)
        row |= {
            "CUSTOMER_TYPE": "P",
            "FIRST_NAME": pen.given(person, latin),
            "MIDDLE_NAME": _middle(person, latin, chance),
            "LAST_NAME": pen.spell(family, latin, 0.6)
            + (f" {person.suffix}" if person.suffix and pen.often(0.7) else ""),
            "GENDER": "" if pen.blank() else "M" if person.male else "F",
            "BIRTH_DATE": "" if pen.blank() else pen.born(person.born),
            "NATIONALITY": "" if pen.blank(2) else person.country,
            "PREVIOUS_NAME": person.maiden.latin
            if person.maiden and family is person.family and pen.often(0.25)
            else "",
            "TAX_NO": pen.identifier(person.tax_id),
            "NATIONAL_ID": pen.identifier(person.national_id, 3),
            "PASSPORT_NO": person.passport if pen.often(0.12) else "",
            "EMAIL": "" if pen.blank(1.5) else "none@none.com" if pen.often(0.004) else person.email,
            "MOBILE": pen.phone(person.mobile) if pen.often(0.5) else "",
            "EMPLOYER_DUNS": person.employer,
            "EMPLOYED_SINCE": person.employed_since,
        }
        if pen.often(CRM.swaps):
            row["FIRST_NAME"], row["LAST_NAME"] = row["LAST_NAME"], row["FIRST_NAME"]
        if pen.often(0.02) and latin:
            row["FIRST_NAME"], row["LAST_NAME"] = f"{row['FIRST_NAME']} {row['LAST_NAME']}", ""
        pen.shout(row, ("FIRST_NAME", "MIDDLE_NAME", "LAST_NAME", "STREET", "CITY"))
        return row["CUSTOMER_ID"], row

    def crm_company(self, company: Company) -> tuple[str, dict[str, str]]:
        """A customer that is an organisation."""
        pen = self._crm
        latin = company.script == "Latn" or pen.often(CRM.latin)
        named = company.trade_style if company.trade_style and pen.often(0.25) else company.name
        if company.former_name and pen.often(0.3):
            named = company.former_name
        name, form = pen.company(named, company.legal, company.legal_first, latin)
        if pen.often(0.015):
            name += " " + self._chance.choice(("(Main)", "#2", "- DO NOT USE"))
        row = self._crm_place(company, latin)
        row |= {
            "CUSTOMER_TYPE": "C",
            "COMPANY_NAME": name,
            "TRADING_AS": pen.stray(company.trade_style.native if company.trade_style and pen.often(0.4) else ""),
            "LEGAL_FORM": "" if pen.blank(2) else form,
            "TAX_NO": pen.identifier(company.tax_id),
            "LEI": pen.lei(company.lei, 0.25),
            "DUNS_NO": company.duns if pen.often(0.15) else "",
            "EMAIL": "" if pen.blank(1.5) else company.email,
            "WEBSITE": ""
            if pen.blank(1.5)
            else self._chance.choice(("https://www.", "http://", "www.", "")) + company.website,
        }
        pen.shout(row, ("COMPANY_NAME", "TRADING_AS", "STREET", "CITY"))
        return row["CUSTOMER_ID"], row

    def _crm_place(self, party: Person | Company, latin: bool) -> dict[str, str]:
        pen = self._crm
        row = dict.fromkeys(CRM_COLUMNS, "")
        row["CUSTOMER_ID"] = f"C{self._customers.draw()}"
        row["STREET"], row["CITY"], row["STATE"], row["ZIP"], row["COUNTRY"] = pen.place(
            party.place, party.former_place, latin
        )
        row["PHONE"], row["TAX_COUNTRY"] = pen.phone(party.phone), party.country
        row["STATUS"] = "active" if pen.often(0.93) else "closed"
        row["LAST_CHANGED"] = (
            f"{self._changed()}T{self._chance.randrange(7, 20):02d}:{self._chance.randrange(60):02d}:00Z"
        )
        return row

    def dnb(self, company: Company, first: bool) -> tuple[str, dict[str, str]]:
        """A D&B row: capitals, Latin letters, few blanks.

        Where D&B holds a company twice, the second has a DUNS of its own.
        """
        pen = self._dnb
        duns = company.duns if first else self._second_duns()
        name, form = pen.company(company.name, company.legal, company.legal_first, True)
        street, city, region, postcode, _ = pen.place(company.place, company.former_place, True)
        row = {
            "DUNS_NUMBER": duns,
            "PRIMARY_NAME": name,
            "TRADE_STYLE": company.trade_style.latin if company.trade_style and pen.often(0.7) else "",
            "FORMER_NAME": company.former_name.latin if company.former_name and pen.often(0.4) else "",
            "LEGAL_FORM": form,
            "REGISTRATION_NUMBER": pen.identifier(company.registration, 2),
            "TAX_ID": pen.identifier(company.tax_id, 3),
            "LEI": pen.lei(company.lei, 0.4),
            "STREET_ADDRESS": street,
            "CITY_NAME": city,
            "STATE_PROVINCE": region,
            "POSTAL_CODE": postcode,
            "COUNTRY_CODE": company.place.country,
            "TELEPHONE": pen.phone(company.phone),
            "WEB_ADDRESS": "" if pen.blank(3) else "www." + company.website,
            "SIC_CODE": company.sic,
            "EMPLOYEES_TOTAL": ""
            if pen.blank()
            else str(max(1, int(company.employees * self._chance.uniform(0.8, 1.2)))),
            "START_DATE": "" if pen.blank() else f"{company.started:%Y%m%d}",
            "PARENT_DUNS": company.parent,
            "DOMESTIC_ULTIMATE_DUNS": company.domestic,
            "GLOBAL_ULTIMATE_DUNS": company.ultimate,
            "OPERATING_STATUS": "ACTIVE" if company.active else "OUT OF BUSINESS",
            "UPDATED": f"{self._changed():%Y%m%d}",
        }
        pen.shout(
            row,
            (
                "PRIMARY_NAME",
                "TRADE_STYLE",
                "FORMER_NAME",
                "LEGAL_FORM",
                "STREET_ADDRESS",
                "CITY_NAME",
                "STATE_PROVINCE",
            ),
        )
        return duns, row

    def _second_duns(self) -> str:
        return "9" + self._duplicates.draw()

    def markit(self, company: Company, first: bool) -> tuple[str, dict[str, Any]]:
        """A Markit reference entity; `address` is nested."""
        pen = self._markit
        key = company.markit_id if first else f"9{self._duplicates.draw()}"
        name, form = pen.company(company.name, company.legal, company.legal_first, True)
        street, city, region, postcode, country = pen.place(company.place, company.former_place, True)
        row: dict[str, Any] = {
            "entityId": key,
            "redCode": company.red_code if first else "",
            "longName": name.upper() if pen.often(MARKIT.capitals) else name,
            "formerName": company.former_name.latin if company.former_name and pen.often(0.5) else "",
            "lei": pen.lei(company.lei, 0.95),
            "ticker": company.ticker,
            "sector": company.sector,
            "legalForm": form,
            "jurisdiction": company.country,
            "registrationNumber": pen.identifier(company.registration, 4),
            "address": {"street": street, "city": city, "region": region, "postalCode": postcode, "country": country},
            "status": "Active" if company.active else "Inactive",
            "lastUpdated": self._changed().isoformat(),
        }
        return key, row

    def application(self) -> str:
        """A new key of the onboarding system."""
        return f"A{self._applications.draw()}"

    def onboarding(self, party: Person | Company) -> dict[str, Any]:
        """The attributes that the onboarding system sends of a party, as typed by the applicant."""
        pen = self._onboarding
        latin = party.script == "Latn" or pen.often(ONBOARDING.latin)
        street, city, region, postcode, country = pen.place(party.place, party.former_place, latin)
        address = {
            "street": street,
            "city": city,
            "region": region,
            "postcode": postcode,
            "country": country,
            "type": "residential",
        }
        attributes: dict[str, Any] = {"phones": [pen.phone(party.phone)], "emails": [party.email]}
        if isinstance(party, Person):
            given, family = pen.given(party, latin), pen.spell(party.family, latin, 0.6)
            attributes["names"] = [{"given": given, "family": family, "type": "legal"}]
            attributes["date_of_birth"] = pen.born(party.born)
            attributes["nationality"] = party.country
        else:
            name, form = pen.company(party.name, party.legal, party.legal_first, latin)
            attributes["names"] = [{"full": name, "type": "legal"}]
            attributes |= {"legal_form": form, "websites": [party.website]}
            address["type"] = "headquarters"
        attributes["addresses"] = [{part: value for part, value in address.items() if value}]
        tax_id = pen.identifier(party.tax_id)
        if tax_id:
            attributes["identifiers"] = [{"scheme": "tax_id", "value": tax_id, "country": party.country}]
        return {name: value for name, value in attributes.items() if value and value != [""]}


def _middle(person: Person, latin: bool, chance: random.Random) -> str:
    if person.middle is None or chance.random() < 0.35:
        return ""
    text = person.middle.latin if latin else person.middle.native
    return text[0] + "." if chance.random() < 0.4 else text
