"""Who may do what: roles are Django groups, acts are words, and this table joins them."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

User = AbstractBaseUser | AnonymousUser
Args = ParamSpec("Args")
View = Callable[Concatenate[HttpRequest, Args], HttpResponse]


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
    LOAD = "load"
    ADMINISTER = "administer"


_STEWARD = frozenset({Act.VIEW, Act.SEE_PERSONAL, Act.DECIDE, Act.CHANGE_PARTY})
ALLOWED: dict[Role, frozenset[Act]] = {
    Role.VIEWER: frozenset({Act.VIEW}),
    Role.STEWARD: _STEWARD,
    Role.LEAD: _STEWARD | {Act.UNDO_OTHERS},
    Role.ADMINISTRATOR: frozenset({Act.VIEW, Act.SEE_PERSONAL, Act.LOAD, Act.ADMINISTER}),
    Role.SERVICE: frozenset(),
}


def acts_of(user: User) -> frozenset[Act]:
    """Everything that this user may do. One query a user object; the answer is kept on it."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    known: frozenset[Act] | None = getattr(user, "_hub_acts", None)
    if known is None:
        known = frozenset(Act) if getattr(user, "is_superuser", False) else _by_groups(user)
        setattr(user, "_hub_acts", known)  # noqa: B010 (a note on Django's own user object)
    return known


def _by_groups(user: User) -> frozenset[Act]:
    names = set(user.groups.values_list("name", flat=True))  # type: ignore[union-attr]
    return frozenset[Act]().union(*(ALLOWED[role] for role in Role if role in names))


def can(user: User, act: Act) -> bool:
    """Whether one of the user's roles allows the act."""
    return act in acts_of(user)


def require(user: User, act: Act) -> None:
    """Raises PermissionDenied, with a sentence, unless the user may."""
    if not can(user, act):
        raise PermissionDenied(f"Your role does not allow this ({act.value.replace('_', ' ')}).")


def allowed(act: Act, on_post: Act | None = None) -> Callable[[View[Args]], Callable[..., HttpResponseBase]]:
    """Decorates a page: sign-in first, then `act`, and `on_post` too where something is to change."""

    def decorate(view: View[Args]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(request: HttpRequest, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponse:
            require(request.user, act)
            if on_post is not None and request.method not in ("GET", "HEAD", "OPTIONS"):
                require(request.user, on_post)
            return view(request, *args, **kwargs)

        return login_required(page)

    return decorate
