"""Who may do what: roles are Django groups, acts are words, and this table joins them, for pages and API alike."""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """Group names. `service` is for programs: it reaches the API and no page."""

    VIEWER = "viewer"
    STEWARD = "steward"
    LEAD = "lead"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"


class Act(StrEnum):
    """What can be allowed."""

    VIEW = "view"
    SEE_PERSONAL = "see_personal"
    DECIDE = "decide"  # review tasks: claim, comment, decide, undo
    CHANGE_PARTY = "change_party"  # merge, split, pin
    UNDO_OTHERS = "undo_others"
    APPROVE = "approve"  # what somebody else proposed
    TUNE = "tune"  # survivorship rules
    FIX_ROWS = "fix_rows"  # rows in quarantine: correct, replay, dismiss
    LOAD = "load"  # feeds, and source records over REST
    ADMINISTER = "administer"


_STEWARD = frozenset({Act.VIEW, Act.SEE_PERSONAL, Act.DECIDE, Act.CHANGE_PARTY, Act.FIX_ROWS})
ALLOWED: dict[Role, frozenset[Act]] = {
    Role.VIEWER: frozenset({Act.VIEW}),
    Role.STEWARD: _STEWARD,
    Role.LEAD: _STEWARD | {Act.UNDO_OTHERS, Act.APPROVE, Act.TUNE},
    Role.ADMINISTRATOR: frozenset(
        {Act.VIEW, Act.SEE_PERSONAL, Act.FIX_ROWS, Act.LOAD, Act.ADMINISTER, Act.APPROVE, Act.TUNE}
    ),
    Role.SERVICE: frozenset(),
}
# A program's token narrows this further by its scopes.
ALLOWED_OVER_API: dict[Role, frozenset[Act]] = {
    **ALLOWED,
    Role.SERVICE: frozenset({Act.VIEW, Act.SEE_PERSONAL, Act.CHANGE_PARTY, Act.LOAD}),
}


class Scope(StrEnum):
    """What a token is good for, within what its user's role allows."""

    READ = "read"
    PERSONAL = "personal"  # see personal values unmasked
    WRITE = "write"
    METRICS = "metrics"


SCOPE_OF: dict[Act, Scope] = dict.fromkeys(Act, Scope.WRITE) | {
    Act.VIEW: Scope.READ,
    Act.SEE_PERSONAL: Scope.PERSONAL,
}


def acts_of_roles(
    names: Iterable[str], *, over_api: bool = False, scopes: Iterable[str] | None = None
) -> frozenset[Act]:
    """What the roles of these names allow together; `scopes` None is somebody signed in, without a token."""
    table = ALLOWED_OVER_API if over_api else ALLOWED
    known = set(names)
    acts = frozenset[Act]().union(*(table[role] for role in Role if role in known))
    return acts if scopes is None else narrowed(acts, scopes)


def narrowed(acts: Iterable[Act], scopes: Iterable[str]) -> frozenset[Act]:
    """Those of `acts` that a token with these scopes may be used for."""
    granted = set(scopes)
    return frozenset(act for act in acts if SCOPE_OF[act] in granted)
