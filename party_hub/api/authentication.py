"""Bearer tokens. (A signed-in browser session works too: see `REST_FRAMEWORK` in the settings.)"""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from party_hub.models.api_token import ApiToken, digest

# Often enough to find tokens that nobody uses, seldom enough not to write at every call.
NOTE_USE_EVERY = timedelta(minutes=1)


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer phub_…`. One query a call."""

    keyword = b"bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """The token's user and the token; None where there is no bearer token. Raises `AuthenticationFailed`."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword:
            return None
        if len(parts) != 2:
            raise AuthenticationFailed("The Authorization header must be: Bearer TOKEN.")
        token = ApiToken.objects.select_related("user").filter(hash=digest(parts[1].decode("latin-1"))).first()
        now = timezone.now()
        if token is None or token.revoked_at is not None or token.expires_at <= now or not token.user.is_active:
            raise AuthenticationFailed("The token is unknown, expired or revoked.")
        if token.last_used_at is None or token.last_used_at < now - NOTE_USE_EVERY:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="party-hub"'
