"""Users, their roles and their tokens."""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from party_hub.actions.tokens import LIFETIME, issue_token, revoke_token
from party_hub.domain.roles import ALLOWED_OVER_API, Role, Scope
from party_hub.models import ApiToken

from .base import HubAdmin, ReadOnlyAdmin, actor_of

for model in (User, Group, AccessAttempt, AccessFailureLog, AccessLog):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, HubAdmin):  # type: ignore[type-arg]
    """People and programs. What they may do follows from their roles alone."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "first_name", "last_name", "email", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "is_active")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Roles", {"fields": ("groups",)}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With their roles in one query more."""
        users: QuerySet[User] = super().get_queryset(request).prefetch_related("groups")
        return users

    @admin.display(description="Roles")
    def roles(self, user: User) -> str:
        """The user's roles."""
        return ", ".join(sorted(group.name for group in user.groups.all()))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody who has ever decided anything is deleted: make them inactive."""
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Administrators, and they alone, may enter the admin."""
        super().save_related(request, form, formsets, change)
        user = form.instance
        user.is_staff = user.is_superuser or user.groups.filter(name=Role.ADMINISTRATOR).exists()
        user.save(update_fields=["is_staff"])


@admin.register(Group)
class RoleAdmin(ReadOnlyAdmin):
    """The roles. They are part of the program; who holds them is chosen on the user."""

    list_display = ("name", "allowed", "held_by")
    fields = ("name", "allowed", "held_by")

    @admin.display(description="Allowed")
    def allowed(self, group: Group) -> str:
        """What the role allows."""
        acts = ALLOWED_OVER_API.get(Role(group.name), frozenset()) if group.name in list(Role) else frozenset()
        return ", ".join(sorted(act.value.replace("_", " ") for act in acts))

    @admin.display(description="Held by")
    def held_by(self, group: Group) -> str:
        """Who holds it."""
        return ", ".join(group.user_set.order_by("username").values_list("username", flat=True)[:20])


class NewToken(forms.ModelForm):  # type: ignore[type-arg]
    """What a token is for."""

    scopes = forms.MultipleChoiceField(
        choices=[(scope.value, scope.value) for scope in Scope], widget=UnfoldAdminCheckboxSelectMultipleWidget
    )

    class Meta:
        model = ApiToken
        fields = ("user", "name", "scopes", "expires_at")

    def clean_expires_at(self) -> Any:
        """A token that has run out is of no use."""
        if self.cleaned_data["expires_at"] <= timezone.now():
            raise forms.ValidationError("must lie ahead")
        return self.cleaned_data["expires_at"]


@admin.register(ApiToken)
class ApiTokenAdmin(HubAdmin):
    """Tokens: issued, shown once, revoked."""

    form = NewToken
    list_display = ("name", "hint", "user", "scopes", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("user",)
    list_filter = ("user",)
    readonly_fields = ("hint", "revoked_at", "last_used_at", "created_at")
    actions = ("revoke",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """To issue one, what it is for; afterwards all that is known of it."""
        asked = ("user", "name", "scopes", "expires_at")
        return (*asked, "hint", "created_at", "revoked_at", "last_used_at") if obj else asked

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Three months and reading, unless somebody asks for more."""
        return {"expires_at": timezone.now() + LIFETIME, "scopes": [Scope.READ.value]}

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a token is good for never changes."""
        return obj is None and bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Tokens are revoked; that they were is worth knowing."""
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Issue it, and show it this once."""
        scopes = [Scope(scope) for scope in obj.scopes]
        lifetime = obj.expires_at - timezone.now()
        token, secret = issue_token(
            user=obj.user, name=obj.name, scopes=scopes, actor=actor_of(request), lifetime=lifetime
        )
        obj.__dict__.update(token.__dict__)
        messages.warning(request, f"Copy the token now, it is not shown again: {secret}")

    @admin.action(description="Revoke", permissions=["add"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        """End them at once."""
        for token in queryset:
            revoke_token(token=token, actor=actor_of(request))


@admin.register(AccessAttempt)
class AccessAttemptAdmin(HubAdmin):
    """Sign-ins that failed. Delete one to let somebody who was locked out try again."""

    list_display = ("username", "ip_address", "failures_since_start", "attempt_time")
    search_fields = ("username", "ip_address")
    fields = ("username", "ip_address", "failures_since_start", "attempt_time")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False
