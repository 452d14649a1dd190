"""Ids: how those of parties are drawn, and how all come from PostgreSQL.

While a chunk is resolved the same ones come in half a dozen answers, so each is parsed once.
"""

import os
import time
from functools import lru_cache
from uuid import UUID

from django.db.backends.postgresql import base as _registers_its_own_first  # noqa: F401
from psycopg2.extensions import new_type, register_type

UUID_TYPE = 2950  # PostgreSQL's number of the type

_parsed = lru_cache(maxsize=16_384)(UUID)


def new_party_id() -> UUID:
    """An id that nobody has, and that sorts by when it was drawn (RFC 9562, version 7): what comes into the world
    together then lies together in every index.
    """
    drawn = time.time_ns() // 1_000_000 << 80 | int.from_bytes(os.urandom(10))
    return UUID(int=drawn & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def register_ids() -> None:
    """From now on psycopg2 reads ids like this."""
    register_type(new_type((UUID_TYPE,), "UUID", lambda text, cursor: text and _parsed(text)))
