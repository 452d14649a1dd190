"""Once an hour somebody looks which pins are to be reviewed. Administrators may change it in the admin."""

from django.db import migrations

NAME = "Ask about pins to review"


def schedule(apps, schema_editor):
    every_hour, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(
        every=1, period="hours"
    )
    apps.get_model("django_celery_beat", "PeriodicTask").objects.get_or_create(
        name=NAME,
        defaults={
            "task": "stewardship.review_pins",
            "interval": every_hour,
            "expire_seconds": 3600,
            "description": "Asks about pins whose end is near, or beneath which the sources say something else now.",
        },
    )


def unschedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("stewardship", "0008_tasks_about_pins"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(schedule, unschedule)]
