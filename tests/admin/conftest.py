"""The admin in a real browser."""

from tests.e2e.conftest import hub

__all__ = ["hub"]
