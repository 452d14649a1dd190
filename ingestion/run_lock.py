"""One run of a feed at a time: an advisory lock of PostgreSQL's, which ends with the process that holds it.

So a run that says that it is running, while nobody holds its feed's lock, is dead.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from django.db import InterfaceError, OperationalError, connection

LOAD_LOCK = 727_010


class Busy(Exception):
    """Another run of this feed is at work."""


@contextmanager
def alone(feed: str) -> Iterator[None]:
    """Hold the feed's lock. Raises Busy where somebody else holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOAD_LOCK, feed])
        if not cursor.fetchone()[0]:
            raise Busy(f"Another run of the feed {feed} is at work. Wait until it is done.")
    try:
        yield
    finally:
        with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOAD_LOCK, feed])
