"""GLEIF: the golden copy of reporting exceptions, level 2 (why no parent is named), CSV in the columns of the Reporting
Exceptions Format 2.1.

Each row becomes a record of its entity without a name. It has no date, so it speaks when its file comes. Format:
https://www.gleif.org/en/about-lei/common-data-file-format/level-2-data-reporting-exceptions-format
"""

from ingestion.mapping.adapter import Adapter, Format, Identifier, Relation
from ingestion.mapping.rules import EVERY_FEED
from party_hub.domain.attributes import PartyType

ADAPTER = Adapter(
    name="gleif-repex",
    title="GLEIF reporting exceptions, level 2",
    source="gleif-repex",
    format=Format(),
    key="LEI",
    key_with=("Exception.Category",),
    required=("LEI", "Exception.Category", "Exception.Reason.1"),
    party_type=PartyType.LEGAL_ENTITY,
    maps=(
        Identifier("lei", "LEI"),
        Relation(
            "Exception.Category",
            kinds={
                "DIRECT_ACCOUNTING_CONSOLIDATION_PARENT": "direct_parent",
                "ULTIMATE_ACCOUNTING_CONSOLIDATION_PARENT": "ultimate_parent",
            },
            exceptions=tuple(f"Exception.Reason.{n}" for n in range(1, 6)),
            reference="Exception.Reference.1",
            needed=True,
        ),
    ),
    rules=EVERY_FEED,
)
