"""Who may open which page: the roles of `party_hub.domain.roles`, asked of whoever is signed in."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from party_hub.domain.roles import Act, acts_of_roles

User = AbstractBaseUser | AnonymousUser
Args = ParamSpec("Args")
View = Callable[Concatenate[HttpRequest, Args], HttpResponseBase]


def acts_of(user: User) -> frozenset[Act]:
    """Everything that this user may do. One query a user object; the answer is kept on it."""
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    known: frozenset[Act] | None = getattr(user, "_hub_acts", None)
    if known is None:
        known = frozenset(Act) if getattr(user, "is_superuser", False) else acts_of_roles(roles_of(user))
        setattr(user, "_hub_acts", known)  # noqa: B010 (a note on Django's own user object)
    return known


def roles_of(user: User) -> list[str]:
    """The names of the user's roles. One query a user object."""
    known: list[str] | None = getattr(user, "_hub_roles", None)
    if known is None:
        known = sorted(user.groups.values_list("name", flat=True))  # type: ignore[union-attr]
        setattr(user, "_hub_roles", known)  # noqa: B010
    return known


def can(user: User, act: Act) -> bool:
    """Whether one of the user's roles allows the act."""
    return act in acts_of(user)


def require(user: User, act: Act) -> None:
    """Raises PermissionDenied, with a sentence, unless the user may."""
    if not can(user, act):
        raise PermissionDenied(_("Your role does not allow this (%(act)s).") % {"act": act.value.replace("_", " ")})


def allowed(act: Act, on_post: Act | None = None) -> Callable[[View[Args]], Callable[..., HttpResponseBase]]:
    """Decorates a page: sign-in first, then `act`, and `on_post` too where something is to change."""

    def decorate(view: View[Args]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def page(request: HttpRequest, *args: Args.args, **kwargs: Args.kwargs) -> HttpResponseBase:
            require(request.user, act)
            if on_post is not None and request.method not in ("GET", "HEAD", "OPTIONS"):
                require(request.user, on_post)
            return view(request, *args, **kwargs)

        return login_required(page)

    return decorate


__all__ = ["Act", "acts_of", "allowed", "can", "require", "roles_of"]
