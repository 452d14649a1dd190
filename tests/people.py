"""The cast: the people in the tests, one for each role."""

from typing import Any

from django.contrib.auth.models import Group, User

PASSWORD = "correct horse battery staple"
CAST = {"ada": "steward", "ben": "viewer", "cleo": "lead", "dan": "administrator", "sam": "service"}


def person(name: str, **fields: Any) -> User:
    """The cast member of this name in the database, with the role's group and `PASSWORD`."""
    user, new = User.objects.get_or_create(username=name, defaults={"first_name": name.capitalize(), **fields})
    if new:
        user.set_password(PASSWORD)
        user.save()
        user.groups.add(Group.objects.get_or_create(name=CAST[name])[0])
    return user


def ada() -> User:
    """A steward: reviews, merges, splits, pins."""
    return person("ada")


def ben() -> User:
    """A viewer: sees parties, personal data masked, and changes nothing."""
    return person("ben")


def cleo() -> User:
    """A lead steward."""
    return person("cleo")


def dan() -> User:
    """A data administrator: sources, feeds, rules, users."""
    return person("dan", is_staff=True)


def sam() -> User:
    """A program: reaches the API and no page."""
    return person("sam")
