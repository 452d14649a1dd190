"""What a test that commits leaves behind is cleared away, and what the migrations had put there comes back.

Django truncates every table after such a test. The audit trail forbids that, rightly, so its guard is asked to look
away for that one statement; and the reference data that a new hub starts with is copied back from a schema set aside.
"""

from collections.abc import Sequence
from typing import Any

from django.db import connection

GUARDED = ("party_hub_auditentry", "audit_not_truncated")


def _filled_tables() -> list[str]:
    with connection.cursor() as cursor:
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        filled = []
        for table in sorted(tables):
            cursor.execute(f'SELECT EXISTS (SELECT FROM "{table}")')
            if cursor.fetchone()[0]:
                filled.append(table)
    return filled


def set_aside() -> list[str]:
    """Copies all rows that the fresh database holds into the schema `slate`; gives the tables' names."""
    filled = _filled_tables()
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS slate CASCADE")
        cursor.execute("CREATE SCHEMA slate")
        for table in filled:
            cursor.execute(f'CREATE TABLE slate."{table}" AS TABLE public."{table}"')
    return filled


def restore_after_flush(tables: Sequence[str]) -> None:
    """From now on Django's flush of the test database brings those rows back."""
    # The class, not the connection's own: under Playwright's event loop Django opens another connection.
    operations = type(connection.ops)
    truncate = operations.sql_flush

    def sql_flush(self: Any, *args: Any, **options: Any) -> list[str]:
        table, trigger = GUARDED
        return [
            f'ALTER TABLE "{table}" DISABLE TRIGGER "{trigger}"',
            *truncate(self, *args, **options),
            f'ALTER TABLE "{table}" ENABLE TRIGGER "{trigger}"',
            *(f'INSERT INTO public."{filled}" SELECT * FROM slate."{filled}"' for filled in tables),
        ]

    operations.sql_flush = sql_flush  # type: ignore[method-assign]
