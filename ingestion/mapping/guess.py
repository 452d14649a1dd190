"""What the columns of an unknown CSV may be: by their names, and by what stands in them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from party_hub.domain.attributes import PartyType
from party_hub.domain.canonical import values
from party_hub.domain.identifiers import normalise

from .adapter import folded
from .saved import DELETION, KEY, ONCE, PARTY_TYPE, PARTY_TYPES

_BY_NAME: dict[str, tuple[str, ...]] = {
    KEY: (
        *("id", "key", "recordid", "record", "customerid", "customerno", "customernumber", "clientid", "entityid"),
        *("partyid", "accountid", "externalid", "uid", "uuid", "reference", "ref", "sourcekey", "symbol", "code"),
    ),
    "name.full": (
        *("name", "fullname", "companyname", "legalname", "entityname", "organisation", "organization", "company"),
        *("organisationname", "organizationname", "longname", "businessname", "customername", "clientname", "firma"),
    ),
    "name.given": ("firstname", "givenname", "forename", "vorname", "prenom", "nombre"),
    "name.middle": ("middlename", "secondname"),
    "name.family": ("lastname", "surname", "familyname", "nachname", "nom", "apellido"),
    "name.trade": ("tradename", "tradingas", "tradingname", "dba", "doingbusinessas", "shortname", "brand"),
    "name.former": ("formername", "previousname", "oldname", "maidenname"),
    "address.street": (
        *("street", "address", "address1", "address2", "addressline1", "addressline2", "streetaddress", "line1"),
        *("line2", "strasse", "rue", "calle"),
    ),
    "address.city": ("city", "town", "cityname", "locality", "ort", "stadt", "ville", "ciudad"),
    "address.region": ("state", "region", "province", "county", "statename", "stateprovince", "bundesland"),
    "address.postcode": ("zip", "zipcode", "postcode", "postalcode", "plz", "codepostal"),
    "address.country": ("country", "countrycode", "countryname", "countryiso", "nation", "land", "pays", "pais"),
    "phone": ("phone", "telephone", "tel", "mobile", "phonenumber", "cell", "telefon", "mobilephone", "phoneno"),
    "email": ("email", "emailaddress", "mail", "emailid"),
    "website": ("website", "url", "web", "homepage", "site", "domain", "webaddress", "weburl"),
    "identifier.lei": ("lei", "leicode"),
    "identifier.duns": ("duns", "dunsnumber", "dunsno"),
    "identifier.tax_id": ("taxid", "taxno", "taxnumber", "vat", "vatid", "vatnumber", "ein", "tin", "fiscalcode"),
    "identifier.national_id": ("nationalid", "ssn", "nationalidnumber", "idcard", "personalnumber"),
    "identifier.passport": ("passport", "passportno", "passportnumber"),
    "identifier.registration_number": (
        *("registrationnumber", "registrationno", "companynumber", "companyno", "regno", "crn", "registerno"),
    ),
    "value.date_of_birth": ("dob", "birthdate", "dateofbirth", "born", "birthday", "geburtsdatum"),
    "value.date_of_incorporation": ("incorporated", "incorporationdate", "dateofincorporation", "founded"),
    "value.gender": ("gender", "sex"),
    "value.nationality": ("nationality", "citizenship"),
    "value.legal_form": ("legalform", "legalformcode", "companyform", "rechtsform"),
    "value.industry_code": ("industry", "industrygroup", "industrycode", "sic", "naics", "nace", "siccode"),
    "value.sector": ("sector",),
    "value.employees": ("employees", "employeecount", "headcount", "numberofemployees", "staff"),
    "value.ticker": ("ticker", "tickersymbol"),
    "value.status": ("status", "state of business", "entitystatus"),
    "effective_at": ("updated", "updatedat", "lastchanged", "lastmodified", "modified", "modifiedat", "lastupdate"),
    DELETION: ("op", "operation", "deleted", "isdeleted", "deletedflag", "deletionflag", "changetype", "action"),
    PARTY_TYPE: ("partytype", "customertype", "clienttype", "entitytype", "persontype"),
}
_TARGET_OF = {folded(name): target for target, names in _BY_NAME.items() for name in names}
_PHONE = re.compile(r"\+?[\d ()./-]{7,20}", re.ASCII)
_ENOUGH, _LITTLE = 0.9, 0.5  # shares of the filled cells
_SOME = 5  # filled cells, fewer tell nothing


@dataclass(frozen=True)
class Guess:
    """What a column may become, "" for nothing, and what speaks for it: its name, or its content."""

    target: str = ""
    because: str = ""


def guess(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> dict[str, Guess]:
    """A guess for each column, from its name and from sample rows (by column). What may be there once is there once."""
    filled = {column: [text for row in rows if (text := row.get(column, "").strip())] for column in columns}
    found = {column: _guess(column, filled[column]) for column in columns}
    found = _once(found)
    if KEY not in {one.target for one in found.values()}:
        free = (column for column in columns if not found[column].target and _tells_rows_apart(filled[column], rows))
        if key := next(free, ""):
            found[key] = Guess(KEY, "every row has its own")
    return found


def _guess(column: str, texts: list[str]) -> Guess:
    by_name = _TARGET_OF.get(folded(column), "")
    fits = _CONTENT.get(by_name)
    if by_name and (fits is None or not texts or _share(texts, fits) >= _LITTLE):
        return Guess(by_name, "by its name")
    # Rare content first: a LEI could pass for other things, but nothing else passes for a LEI.
    if len(texts) < _SOME:
        return Guess()
    by_content = next((target for target in _TELLING if _share(texts, _CONTENT[target]) >= _ENOUGH), "")
    return Guess(by_content, "by its content") if by_content else Guess()


def _once(found: dict[str, Guess]) -> dict[str, Guess]:
    """Of several columns for what may be there once, the first stays; one known by its name goes before."""
    kept: dict[str, str] = {}
    for column in sorted(found, key=lambda column: found[column].because != "by its name"):
        target = found[column].target
        if target in ONCE or target.startswith("value."):
            kept.setdefault(target, column)
    return {column: one if kept.get(one.target, column) == column else Guess() for column, one in found.items()}


def _tells_rows_apart(texts: list[str], rows: Sequence[Mapping[str, str]]) -> bool:
    return bool(rows) and len(texts) == len(rows) == len(set(texts))


def _share(texts: list[str], fits: Callable[[str], bool]) -> float:
    return sum(map(fits, texts)) / len(texts)


def _is_date(text: str) -> bool:
    try:
        return len(text) >= 8 and values.day(text, ("%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%m/%d/%Y")) is not None
    except ValueError:
        return False


def _is_identifier(scheme: str) -> Callable[[str], bool]:
    def check(text: str) -> bool:
        found = normalise(scheme, text)
        return found is not None and found.valid is True

    return check


def _is_phone(text: str) -> bool:
    return _PHONE.fullmatch(text) is not None and sum(map(str.isdigit, text)) >= 7 and not _is_date(text)


_CONTENT: dict[str, Callable[[str], bool]] = {
    "identifier.lei": _is_identifier("lei"),
    "email": lambda text: bool(values.email(text)),
    "website": lambda text: text.startswith(("http", "www.")) and bool(values.website(text)),
    "value.date_of_birth": _is_date,
    "value.date_of_incorporation": _is_date,
    "address.country": lambda text: bool(values.country(text)),
    "value.nationality": lambda text: bool(values.country(text)),
    "phone": _is_phone,
    "identifier.duns": _is_identifier("duns"),
    PARTY_TYPE: lambda text: text.casefold() in PARTY_TYPES,
}
_TELLING = ("identifier.lei", "email", "website", "value.date_of_birth", "address.country", "phone")


def party_type_of(found: Mapping[str, Guess]) -> str:
    """What the rows are, judged by their columns; "" where one of them says it."""
    targets = {one.target for one in found.values()}
    if PARTY_TYPE in targets:
        return ""
    people = {"name.family", "name.given", "value.date_of_birth", "value.gender", "identifier.national_id"}
    return PartyType.INDIVIDUAL if targets & people else PartyType.ORGANISATION
