"""Who has a task's page open: known for a minute and a half after the last sign of life, in the cache alone."""

from time import time

from django.core.cache import cache

FRESH = 90  # seconds


def be_present(task: int, user: str) -> list[str]:
    """The user looks at the task right now; gives who else does, by name."""
    seen = {name: at for name, at in _seen(task).items() if at > time() - FRESH}
    cache.set(_key(task), {**seen, user: time()}, FRESH)
    return sorted(seen.keys() - {user})


def others_present(task: int, user: str) -> list[str]:
    """Who else looks at it, by name."""
    return sorted(name for name, at in _seen(task).items() if name != user and at > time() - FRESH)


def _seen(task: int) -> dict[str, float]:
    return cache.get(_key(task)) or {}


def _key(task: int) -> str:
    return f"presence:{task}"
