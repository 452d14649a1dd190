"""What waits before the listener is counted each minute. Administrators may change it in the admin."""

from django.db import migrations

NAME = "Count the events that wait"


def schedule(apps, schema_editor):
    every_minute, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(
        every=1, period="minutes"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=NAME,
        defaults={
            "task": "ingestion.note_backlog",
            "interval": every_minute,
            "expire_seconds": 60,
            "description": "Counts the events that wait to be taken in, and the dead letters, for the pages.",
        },
    )


def unschedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0015_one_run_a_version"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(schedule, unschedule)]
