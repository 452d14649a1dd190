"""A look for new files each minute, and for old sets in the lake each night. Administrators may change it in the admin."""

from django.db import migrations

ARRIVALS, RETENTION = "Look for new files", "Remove old sets from the lake"


def schedule(apps, schema_editor):
    task = apps.get_model("django_celery_beat", "PeriodicTask")
    every_minute, _ = apps.get_model("django_celery_beat", "IntervalSchedule").objects.get_or_create(
        every=1, period="minutes"
    )
    night, _ = apps.get_model("django_celery_beat", "CrontabSchedule").objects.get_or_create(
        minute="15", hour="4", day_of_week="*", day_of_month="*", month_of_year="*", timezone="UTC"
    )
    task.objects.get_or_create(
        name=ARRIVALS,
        defaults={
            "task": "ingestion.request_arrivals",
            "interval": every_minute,
            "expire_seconds": 60,
            "description": "Loads files that have arrived where feeds watch (a feed's location that ends in a slash).",
        },
    )
    task.objects.get_or_create(
        name=RETENTION,
        defaults={
            "task": "ingestion.tidy_lake",
            "crontab": night,
            "description": "Removes what is older than LAKE_KEPT_DAYS says; what is needed stays.",
        },
    )


def unschedule(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name__in=[ARRIVALS, RETENTION]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0010_files_that_arrive"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(schedule, unschedule)]
