"""A minute's look after runs that nobody works at. Administrators may change it in the admin."""

from django.db import migrations

NAME = "Look after runs that broke off"


def schedule(apps, schema_editor):
    every_minute, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(
        every=1, period="minutes"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=NAME,
        defaults={
            "task": "ingestion.recover_runs",
            "interval": every_minute,
            "expire_seconds": 60,
            "description": "Finds runs whose worker died or that the queue lost, and hands them over again.",
        },
    )


def unschedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0004_runs_that_go_on"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(schedule, unschedule)]
