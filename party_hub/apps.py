"""Registers the app with Django."""

from importlib import import_module

from django.apps import AppConfig


class PartyHubConfig(AppConfig):
    """Party hub."""

    name = "party_hub"
    verbose_name = "Party hub"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the hub's Celery application the current one, wherever Django runs, and ids quick to read."""
        import_module("party_hub.celery")
        import_module("party_hub.models.ids").register_ids()
