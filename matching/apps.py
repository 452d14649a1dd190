"""Registers the app with Django."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    """Matching."""

    name = "matching"
    verbose_name = "Matching"
    default_auto_field = "django.db.models.BigAutoField"
