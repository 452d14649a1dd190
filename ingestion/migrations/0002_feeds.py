"""The five feeds and their schedules, which stay switched off until an administrator gives a feed its location."""

import json

from django.db import migrations

FEEDS = (
    ("crm", "CRM customers", "crm"),
    ("dnb", "D&B companies", "dnb"),
    ("markit", "Markit entities", "markit"),
    ("gleif", "GLEIF golden copy, level 1", "gleif"),
    ("events", "Onboarding events", "events"),
)


def add(apps, schema_editor):
    night, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="30", hour="2", day_of_week="*", day_of_month="*", month_of_year="*", timezone="UTC"
    )
    for name, title, source in FEEDS:
        apps.get_model("ingestion", "Feed").objects.get_or_create(
            name=name, defaults={"title": title, "source_id": source, "adapter": name}
        )
        apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
            name=f"Load {title}",
            defaults={
                "task": "ingestion.load_feed",
                "kwargs": json.dumps({"feed": name}),
                "queue": "spark",
                "crontab": night,
                "enabled": False,
                "description": "Loads the file at the feed's location. Set the location first, then switch this on.",
            },
        )


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0001_initial"),
        ("party_hub", "0003_reference_data"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
