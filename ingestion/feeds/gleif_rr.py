"""GLEIF: the golden copy of relationship records, level 2 (who owns whom), CSV in the columns of RR-CDF 2.1.

Each row says how the start node stands to the end node, both by LEI, and becomes a record of the start node without a
name. Format: https://www.gleif.org/en/about-lei/common-data-file-format/relationship-record-cdf-format
"""

from ingestion.mapping.adapter import Adapter, Format, Identifier, Period, Relation
from ingestion.mapping.rules import EVERY_FEED
from party_hub.domain.attributes import PartyType

_START, _END = "Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID"
_TYPE = "Relationship.RelationshipType"

ADAPTER = Adapter(
    name="gleif-rr",
    title="GLEIF relationships, level 2",
    source="gleif-rr",
    format=Format(),
    key=_START,
    key_with=(_TYPE, _END),
    required=(_START, _END, _TYPE, "Relationship.RelationshipStatus", "Registration.LastUpdateDate"),
    party_type=PartyType.LEGAL_ENTITY,
    effective_at="Registration.LastUpdateDate",
    maps=(
        Identifier("lei", _START),
        Relation(
            _TYPE,
            "lei",
            _END,
            kinds={
                "IS_DIRECTLY_CONSOLIDATED_BY": "direct_parent",
                "IS_ULTIMATELY_CONSOLIDATED_BY": "ultimate_parent",
                "IS_INTERNATIONAL_BRANCH_OF": "head_office",
                "IS_FUND-MANAGED_BY": "fund_manager",
                "IS_SUBFUND_OF": "umbrella_fund",
                "IS_FEEDER_TO": "master_fund",
            },
            # The other periods are those of accounts and of documents.
            periods=tuple(
                Period(
                    f"Relationship.Period.{n}.startDate",
                    f"Relationship.Period.{n}.endDate",
                    kind=f"Relationship.Period.{n}.periodType",
                    means="RELATIONSHIP_PERIOD",
                )
                for n in range(1, 6)
            ),
            share="Relationship.Quantifiers.1.QuantifierAmount",
            ended="Relationship.RelationshipStatus",
            ended_texts=("INACTIVE", "NULL"),
            needed=True,
        ),
    ),
    rules=EVERY_FEED,
)
