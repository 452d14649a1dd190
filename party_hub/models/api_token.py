"""Tokens by which programs call the API. Only their hash is kept."""

import hashlib

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from party_hub.domain.roles import Scope

SCOPES = [(scope.value, scope.value) for scope in Scope]
PREFIX = "phub_"


def digest(token: str) -> str:
    """What is kept of a token. It is long and random, so a plain hash is as good as a slow one."""
    return hashlib.sha256(token.encode()).hexdigest()


class ApiToken(models.Model):
    """A bearer token of a user, good for `scopes` within what the user's role allows, until it expires or is revoked.

    `hint` is the token's first letters, by which people tell tokens apart.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=120, help_text="What uses it.")
    hint = models.CharField(max_length=12, editable=False)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=20, choices=SCOPES))
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = "API token"
        constraints = [
            models.CheckConstraint(
                name="api_token_known_scopes", condition=Q(scopes__contained_by=[s for s, _ in SCOPES])
            ),
            models.CheckConstraint(name="api_token_has_scope", condition=Q(scopes__len__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"
