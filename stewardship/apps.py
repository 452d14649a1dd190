"""Registers the app with Django."""

from django.apps import AppConfig


class StewardshipConfig(AppConfig):
    """Stewardship."""

    name = "stewardship"
    verbose_name = "Stewardship"
    default_auto_field = "django.db.models.BigAutoField"
