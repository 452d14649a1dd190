"""How a test breaks a constraint."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction


def refuses(constraint: str, create: Callable[[], object]) -> None:
    """The database itself refuses what `create` does, by the constraint of this name."""
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        create()
