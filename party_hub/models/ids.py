"""Ids as they come from PostgreSQL: while a chunk is resolved the same ones come in half a dozen answers, so each is
parsed once.
"""

from functools import lru_cache
from uuid import UUID

from django.db.backends.postgresql import base as _registers_its_own_first  # noqa: F401
from psycopg2.extensions import new_type, register_type

UUID_TYPE = 2950  # PostgreSQL's number of the type

_parsed = lru_cache(maxsize=16_384)(UUID)


def register_ids() -> None:
    """From now on psycopg2 reads ids like this."""
    register_type(new_type((UUID_TYPE,), "UUID", lambda text, cursor: text and _parsed(text)))
