"""Registers the app with Django."""

from django.apps import AppConfig


class PartyHubConfig(AppConfig):
    """Party hub."""

    name = "party_hub"
    verbose_name = "Party hub"
    default_auto_field = "django.db.models.BigAutoField"
