"""Events of the onboarding system: one JSON object each, from Kafka one by one, or from a file with one a line.

    {"id", "source", "key", "op": "upsert" | "withdraw", "effective_at", "party_type", "attributes": {…}}

`attributes` are canonical already, in form if not in spelling. `party_type` may be left out; then it is guessed from
them.
"""

from ingestion.mapping.adapter import Adapter, Format, Kind, Rule, Severity
from ingestion.mapping.rules import LEI_IS_TRUE, NOT_FROM_THE_FUTURE, READABLE, UNREAD
from party_hub.domain.canonical.record import PARTY_TYPES

ADAPTER = Adapter(
    name="events",
    title="Onboarding events",
    source="events",
    format=Format(kind=Kind.JSON_LINES),
    key="key",
    required=("id", "source", "key", "op", "effective_at", "attributes"),
    party_type="party_type",
    party_types=PARTY_TYPES,
    effective_at="effective_at",
    # Several events for one key are one after another, so a key may come again.
    rules=(
        READABLE,
        LEI_IS_TRUE,
        NOT_FROM_THE_FUTURE,
        UNREAD,
        Rule(
            "expect_column_values_to_not_be_null",
            "effective_at",
            "The event does not say when it takes effect.",
            Severity.WARN,
        ),
    ),
)
