"""The feeds of GLEIF's level 2, with schedules that stay switched off until an administrator gives them a location."""

import json

from django.db import migrations

FEEDS = (
    ("gleif-rr", "GLEIF relationships, level 2", "30"),
    ("gleif-repex", "GLEIF reporting exceptions, level 2", "45"),
)


def add(apps, schema_editor):
    for name, title, minute in FEEDS:
        night, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
            minute=minute, hour="3", day_of_week="*", day_of_month="*", month_of_year="*", timezone="UTC"
        )
        apps.get_model("ingestion", "Feed").objects.get_or_create(
            name=name, defaults={"title": title, "source_id": name, "adapter": name}
        )
        apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
            name=f"Load {title}",
            defaults={
                "task": "ingestion.load_feed", "kwargs": json.dumps({"feed": name}), "queue": "spark",
                "crontab": night, "enabled": False,
                "description": "Loads the file at the feed's location. Set the location first, then switch this on.",
            },
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0011_arrivals_and_retention_schedules"),
        ("party_hub", "0015_relationship_types"),
    ]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
