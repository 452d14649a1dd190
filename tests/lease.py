"""Who uses the tests' stack: each run holds a shared lock, and the one that can take it alone is the last."""

import fcntl
import shutil
from pathlib import Path
from typing import TextIO

from party_hub.embedded import stack

_held: dict[Path, TextIO] = {}
# What the stack and the tests' processes keep in their home, but for logs.
_DATA = ("postgres", "valkey", "broker", "s3", "java", "run", "lake", "stack.json")


def take(home: Path) -> None:
    """Say that this process uses the stack, until it ends or gives it back."""
    if home not in _held:
        home.parent.mkdir(parents=True, exist_ok=True)
        lock = (home.parent / f"{home.name}.lease").open("w")
        fcntl.flock(lock, fcntl.LOCK_SH)
        _held[home] = lock


def give_back(home: Path, *, keep: bool = False) -> bool:
    """Stop the stack and drop its data, unless somebody else uses it or `keep`; whether it was stopped. Logs stay."""
    with _held.pop(home) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        if keep:
            return False
        stack.stop(home)
        for name in _DATA:  # by name, for a home given by mistake may hold anything
            item = home / name
            shutil.rmtree(item) if item.is_dir() else item.unlink(missing_ok=True)
        return True
