"""The people of the demo: one for each role, each with a password of its own made up on this machine."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction

PEOPLE = {"ada": "steward", "ben": "viewer", "cleo": "lead", "dan": "administrator"}
STAFF = ("administrator",)


@dataclass(frozen=True)
class DemoUser:
    """Somebody who can sign in. `password` is empty once it has been changed."""

    name: str
    role: str
    password: str


def ensure_users() -> list[DemoUser]:
    """Create who is missing; the others keep their passwords.

    The database holds hashes only. The passwords stand in a file for the owner's eyes until they are changed.
    """
    known = _read()
    users = [_ensure(name, role, known) for name, role in PEOPLE.items()]
    _write({user.name: user.password for user in users if user.password})
    return users


@transaction.atomic
def _ensure(name: str, role: str, known: dict[str, str]) -> DemoUser:
    group, _ = Group.objects.get_or_create(name=role)
    user, new = User.objects.get_or_create(
        username=name, defaults={"first_name": name.capitalize(), "is_staff": role in STAFF}
    )
    user.groups.add(group)
    if new:
        password = secrets.token_urlsafe(12)
        user.set_password(password)
        user.save(update_fields=["password"])
        return DemoUser(name, role, password)
    password = known.get(name, "")
    return DemoUser(name, role, password if password and user.check_password(password) else "")


def _file() -> Path:
    path: Path = settings.HUB_HOME / "demo-users.json"
    return path


def _read() -> dict[str, str]:
    try:
        known: dict[str, str] = json.loads(_file().read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return known


def _write(passwords: dict[str, str]) -> None:
    draft = _file().with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(passwords, file, indent=1)
    draft.replace(_file())
