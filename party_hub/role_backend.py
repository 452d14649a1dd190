"""Lets administrators into Django's admin by their role, so that no permission rows have to be kept in step with it."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import User

from party_hub.domain.roles import Act, acts_of_roles

ADMINISTERED = ("party_hub", "ingestion", "matching", "stewardship", "auth", "django_celery_beat", "axes")


class RoleBackend(BaseBackend):
    """Grants all permissions in the hub's admin to who may administer; what is derived, the admin shows read-only."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether the user may administer the app of this permission."""
        return perm.partition(".")[0] in ADMINISTERED and administers(user_obj)

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether the app is shown."""
        return app_label in ADMINISTERED and administers(user_obj)


def administers(user: User) -> bool:
    """Whether one of the user's roles is to administer. One query a user object."""
    if not user.is_active or user.is_anonymous:
        return False
    known: bool | None = getattr(user, "_hub_administers", None)
    if known is None:
        known = Act.ADMINISTER in acts_of_roles(user.groups.values_list("name", flat=True))
        user._hub_administers = known  # type: ignore[attr-defined]
    return known
