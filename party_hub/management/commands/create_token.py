"""Issues an API token and shows it once."""

import json
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from party_hub.actions.tokens import issue_token
from party_hub.domain.roles import Scope


class Command(BaseCommand):
    """Prints a new bearer token."""

    help = "Issue an API token for a user. It is shown once and kept only as a hash."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="what uses it (default: the username)")
        parser.add_argument(
            "--scope", action="append", choices=[scope.value for scope in Scope], help="repeatable (default: read)"
        )
        parser.add_argument("--days", type=int, default=90, help="until it expires (default: %(default)s)")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, username: str, **options: Any) -> None:
        """Issue and print."""
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user {username!r}.")
        if options["days"] < 1:
            raise CommandError("--days must be at least 1.")
        scopes = [Scope(scope) for scope in options["scope"] or [Scope.READ]]
        lifetime = timedelta(days=options["days"])
        token, secret = issue_token(
            user=user, name=options["name"] or username, scopes=scopes, actor="system:create_token", lifetime=lifetime
        )
        if options["json"]:
            said = {
                "token": secret,
                "user": username,
                "scopes": token.scopes,
                "expires_at": token.expires_at.isoformat(),
            }
            self.stdout.write(json.dumps(said))
        else:
            self.stdout.write(secret)
            self.stderr.write(f"For {username}, {', '.join(token.scopes)}, until {token.expires_at:%Y-%m-%d}.")
