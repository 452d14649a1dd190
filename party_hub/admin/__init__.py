"""Django's admin, in django-unfold: reference data, people, schedules, and the audit trail to read. Nothing derived."""

from . import audit, people, reference, schedules

__all__ = ["audit", "people", "reference", "schedules"]
