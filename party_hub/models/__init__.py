"""The party model: facts (source records, decisions, pins, retirements), what is derived from them, and what was told
to others.
"""

from .api_token import ApiToken
from .audit import AuditEntry
from .code_lists import Currency, Industry, IndustryScheme, Language
from .decision import Decision, Link
from .golden import GoldenRecord, PartyIdentifier, Pin
from .membership import Membership
from .outbox import OutboxEvent
from .party import Party, Redirect
from .reference import AttributeTrust, Country, IdentifierScheme, LegalForm, SourceSystem, SurvivorshipRule
from .relationship import Relationship, RelationshipType
from .retirement import Retirement
from .source_record import SourceRecord, SourceRecordVersion, UnresolvedRecord

__all__ = [
    "ApiToken",
    "AttributeTrust",
    "AuditEntry",
    "Country",
    "Currency",
    "Decision",
    "GoldenRecord",
    "IdentifierScheme",
    "Industry",
    "IndustryScheme",
    "Language",
    "LegalForm",
    "Link",
    "Membership",
    "OutboxEvent",
    "Party",
    "PartyIdentifier",
    "Pin",
    "Redirect",
    "Relationship",
    "RelationshipType",
    "Retirement",
    "SourceRecord",
    "SourceRecordVersion",
    "SourceSystem",
    "SurvivorshipRule",
    "UnresolvedRecord",
]
