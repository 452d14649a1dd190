"""Tokens are issued and revoked here; nobody sees one again after it was issued."""

import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from party_hub.domain.roles import Scope
from party_hub.models.api_token import PREFIX, ApiToken, digest

from .audit import audit

LIFETIME = timedelta(days=90)


@transaction.atomic
def issue_token(
    *, user: User, name: str, scopes: Collection[Scope], actor: str, lifetime: timedelta = LIFETIME
) -> tuple[ApiToken, str]:
    """A new token of `user`: its row, and the token itself, which is kept nowhere."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        hint=secret[: len(PREFIX) + 4],
        hash=digest(secret),
        scopes=sorted(scopes),
        expires_at=timezone.now() + lifetime,
    )
    audit(act=uuid.uuid4(), actor=actor, verb="issue_token", subject_type="api_token", subject_id=token.pk)
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, actor: str) -> None:
    """The token is good for nothing from now on."""
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        audit(act=uuid.uuid4(), actor=actor, verb="revoke_token", subject_type="api_token", subject_id=token.pk)
