"""Rules that several feeds share. Severity says what breaking one costs: a note, the row, or the run.

Which identifier failures set a row aside, and why: a LEI is checkable for certain and worldwide, and a wrong one would
pull two legal entities together or apart, so the row waits for a steward. A tax id's form changes by country, age and
kind of taxpayer, and what python-stdnum refuses may be true, so it is kept, marked `valid: false`, proves little in
matching, and only its share is watched.
"""

from party_hub.domain.canonical.record import LEI_IS_FALSE

from .adapter import Rule, Severity

_EARLIEST_BIRTH = "1901-01-01"

READABLE = Rule(
    "expect_column_values_to_be_null",
    "problem_reason",
    "The row cannot be read as its feed promises.",
    Severity.QUARANTINE,
)
ONE_ROW_A_KEY = Rule(
    "expect_column_values_to_be_unique", "key", "The key occurs more than once in the file.", Severity.QUARANTINE
)
LEI_IS_TRUE = Rule(
    "expect_column_values_to_be_in_set",
    "lei_valid",
    LEI_IS_FALSE,
    Severity.QUARANTINE,
    {"value_set": [True]},
)
BORN_IN_LIVING_MEMORY = Rule(
    "expect_column_values_to_be_between",
    "date_of_birth",
    "The date of birth is before 1901 or in the future.",
    Severity.QUARANTINE,
    {"min_value": _EARLIEST_BIRTH, "max_value": "today"},
)
NOT_FROM_THE_FUTURE = Rule(
    "expect_column_values_to_be_between",
    "effective_at",
    "The row says that it takes effect later than tomorrow.",
    Severity.WARN,
    {"max_value": "tomorrow"},
)
TAX_IDS_MOSTLY_TRUE = Rule(
    "expect_column_values_to_be_in_set",
    "tax_id_valid",
    "More than one in ten tax ids fails its country's check.",
    Severity.WARN,
    {"value_set": [True], "mostly": 0.9},
)
UNREAD = Rule(
    "expect_column_values_to_be_null",
    "unread",
    "A cell holds a placeholder, or what its attribute cannot be, and is left out.",
    Severity.WARN,
)


def _agreeing(column: str, says: str) -> Rule:
    return Rule("expect_column_values_to_be_in_set", column, says, Severity.WARN, {"value_set": [True]})


POSTCODE_OF_ITS_COUNTRY = _agreeing("postcode_agrees", "The postcode is not written as its country writes them.")
ADDRESS_IN_ITS_COUNTRY = _agreeing("address_agrees", "The address lies in another country than the record.")
TAX_ID_OF_ITS_COUNTRY = _agreeing("tax_id_agrees", "The tax id is of another country than the record.")
LEGAL_FORM_OF_ITS_COUNTRY = _agreeing("legal_form_agrees", "The legal form is none of its country (ISO 20275).")
INCORPORATED_BEFORE = _agreeing("incorporation_agrees", "The record took effect before its party was incorporated.")
EVERY_FEED = (READABLE, ONE_ROW_A_KEY, LEI_IS_TRUE, NOT_FROM_THE_FUTURE, UNREAD)


def mostly_filled(column: str, share: float) -> Rule:
    """At least `share` of the rows should have `column`."""
    return Rule(
        "expect_column_values_to_not_be_null",
        column,
        f"Less than {share:.0%} of the rows have a {column.replace('_', ' ')}.",
        Severity.WARN,
        {"mostly": share},
    )
