"""Registers the app with Django."""

from django.apps import AppConfig


class IngestionConfig(AppConfig):
    """Ingestion."""

    name = "ingestion"
    verbose_name = "Ingestion"
    default_auto_field = "django.db.models.BigAutoField"
