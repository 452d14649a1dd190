"""Filters of the queue under a name."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from stewardship.models import SavedView


@transaction.atomic
def save_view(*, user: User, name: str, filters: dict[str, Any], shared: bool) -> SavedView:
    """Keep the filters; the same name again replaces them."""
    view, _ = SavedView.objects.update_or_create(
        owner=user, name=name.strip(), defaults={"filters": filters, "shared": shared}
    )
    return view


@transaction.atomic
def forget_view(*, user: User, view: int) -> None:
    """Delete one's own view; nothing happens where it is another's."""
    SavedView.objects.filter(owner=user, pk=view).delete()
