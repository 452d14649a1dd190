"""One training at a time: an advisory lock of PostgreSQL's, which ends with the process that holds it.

So a training that says that it is running, while nobody holds the lock, is dead.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

TRAINING_LOCK = 727_021


class Busy(Exception):
    """Another process is training."""


@contextmanager
def alone() -> Iterator[None]:
    """Hold the lock. Raises Busy where somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [TRAINING_LOCK])
        if not cursor.fetchone()[0]:
            raise Busy("Another training is at work. Wait until it is done.")
    try:
        yield
    finally:
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [TRAINING_LOCK])
