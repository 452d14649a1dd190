"""What the admin's pages share."""

from typing import Any

from django.http import HttpRequest
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

from party_hub.actions.change_reference import delete_reference, save_reference


def actor_of(request: HttpRequest) -> str:
    """How the signed-in person is named in audit and events."""
    return f"user:{request.user.get_username()}"


class HubAdmin(ModelAdmin):
    """A page of the admin in our style."""

    compressed_fields = True
    warn_unsaved_form = True
    list_filter_submit = False


class ReadOnlyAdmin(HubAdmin):
    """Something to look at: what the hub derives or has written down."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, *args: Any) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, *args: Any) -> bool:
        """No."""
        return False


class HistoryAdmin(SimpleHistoryAdmin, HubAdmin):
    """With every version of a row and who made it."""


class ReferenceAdmin(HistoryAdmin):
    """Reference data: each change is audited and told in the transaction that makes it."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Save through the action."""
        save_reference(row=obj, actor=actor_of(request), user=request.user)  # type: ignore[arg-type]

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        """Delete through the action."""
        delete_reference(row=obj, actor=actor_of(request), user=request.user)  # type: ignore[arg-type]

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete each through the action, so that none goes untold."""
        for row in queryset:
            self.delete_model(request, row)
