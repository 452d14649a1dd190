"""Reads for pages and API. Each function says how many queries it costs; none writes.

search: `search_parties`, `suggest_parties` · a party: `profile`, `members`, `pins`, `history`, `relationships`,
`hierarchy` · ids: `where_is`, `whereabouts`, `where_was`, `xref`, `xrefs`, `xrefs_of` · news: `changes`, `events_of`.
"""

from .changes import Feed, changes, events_of
from .history import AttributeChange, Happening, Moment, changes_between, history
from .pages import BadCursor, Page
from .profile import AttributeLineage, LineageValue, Member, Profile, members, pins, profile
from .relations import SHOWN, GroupMember, Related, Tree, hierarchy, relationships
from .search import FoundParty, PartySearch, search_parties, suggest_parties
from .whereabouts import Candidate, Lead, Whereabouts, Xref, where_is, where_was, whereabouts, xref, xrefs, xrefs_of

__all__ = [
    "SHOWN",
    "AttributeChange",
    "AttributeLineage",
    "BadCursor",
    "Candidate",
    "Feed",
    "FoundParty",
    "GroupMember",
    "Happening",
    "Lead",
    "LineageValue",
    "Member",
    "Moment",
    "Page",
    "PartySearch",
    "Profile",
    "Related",
    "Tree",
    "Whereabouts",
    "Xref",
    "changes",
    "changes_between",
    "events_of",
    "hierarchy",
    "history",
    "members",
    "pins",
    "profile",
    "relationships",
    "search_parties",
    "suggest_parties",
    "where_is",
    "where_was",
    "whereabouts",
    "xref",
    "xrefs",
    "xrefs_of",
]
