"""The Celery application. Composition only: packages reach each other's tasks through `party_hub.chain`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "party_hub.settings")

app = Celery("party_hub")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
