"""Which side of quality a rule is about, and which rules are not like the others."""

from enum import StrEnum

from ingestion.mapping.adapter import Rule
from ingestion.mapping.agreement import AGREEMENTS
from ingestion.mapping.rules import ONE_ROW_A_KEY, READABLE


class Dimension(StrEnum):
    """The sides of data quality, as the field names them (DAMA-DMBOK), and how much there is."""

    COMPLETENESS = "completeness"
    VALIDITY = "validity"
    UNIQUENESS = "uniqueness"
    CONSISTENCY = "consistency"
    TIMELINESS = "timeliness"
    VOLUME = "volume"


VOLUME_DRIFT, LATE_ARRIVAL = "run:volume", "run:arrival"
STRICT = (READABLE.code, ONE_ROW_A_KEY.code)  # a row that breaks one cannot be registered
OF_THE_RUN = (VOLUME_DRIFT, LATE_ARRIVAL)  # about the file as a whole, against the runs before

_BY_EXPECTATION = {
    "expect_column_values_to_not_be_null": Dimension.COMPLETENESS,
    "expect_column_values_to_be_unique": Dimension.UNIQUENESS,
    "expect_column_pair_values_to_be_equal": Dimension.CONSISTENCY,
}


def dimension_of(rule: Rule) -> Dimension:
    """The side that the rule is about."""
    if rule.column in AGREEMENTS:
        return Dimension.CONSISTENCY
    if rule.column == "effective_at":
        return Dimension.TIMELINESS
    return _BY_EXPECTATION.get(rule.expectation, Dimension.VALIDITY)
