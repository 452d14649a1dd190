"""Once a minute somebody looks whose time is up. Administrators may change it in the admin."""

from django.db import migrations

NAME = "Close what has run out"


def schedule(apps, schema_editor):
    every_minute, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(
        every=1, period="minutes"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=NAME,
        defaults={
            "task": "party_hub.close_expired",
            "interval": every_minute,
            "expire_seconds": 60,
            "description": "Closes decisions and pins whose time is up, and works out anew what hung on them.",
        },
    )


def unschedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("party_hub", "0007_acts_of_old_rows"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(schedule, unschedule)]
