"""Roles and scopes at the door of the API: least privilege, decided by the act that a call is."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from party_hub.domain.roles import Act, acts_of_roles, narrowed
from party_hub.models.api_token import ApiToken

if TYPE_CHECKING:  # views import this module
    from rest_framework.views import APIView


def acts_of(request: Request) -> frozenset[Act]:
    """Everything that the caller may do over the API. One query a request; the answer is kept on it."""
    known: frozenset[Act] | None = getattr(request, "_hub_acts", None)
    if known is None:
        known = _acts_of(request)
        request._hub_acts = known  # type: ignore[attr-defined]
    return known


def _acts_of(request: Request) -> frozenset[Act]:
    user: Any = request.user
    if not user.is_authenticated or not user.is_active:
        return frozenset()
    scopes = request.auth.scopes if isinstance(request.auth, ApiToken) else None
    if user.is_superuser:
        return frozenset(Act) if scopes is None else narrowed(Act, scopes)
    roles = user.groups.values_list("name", flat=True)
    return acts_of_roles(roles, over_api=True, scopes=scopes)


def sees_personal(request: Request) -> bool:
    """Whether personal values are shown to the caller."""
    return Act.SEE_PERSONAL in acts_of(request)


class HubPermission(BasePermission):
    """Reading needs `view`; anything else the view's `act` (`change_party` where it names none).

    A view whose POST only asks (a search with a body) says so with `only_reads = True`.
    """

    message = "Your role, or your token's scopes, do not allow this."

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """Whether the caller may make this call."""
        reads = request.method in SAFE_METHODS or getattr(view, "only_reads", False)
        needed: Act = getattr(view, "read_act", Act.VIEW) if reads else getattr(view, "act", Act.CHANGE_PARTY)
        return needed in acts_of(request)


def actor_of(request: Request) -> str:
    """How the caller is named in decisions, audit and events."""
    return f"user:{request.user.get_username()}"
