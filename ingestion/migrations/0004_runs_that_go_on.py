"""Runs can be cancelled, be tried again, and go on where they broke off."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0003_run_columns_and_spark_ui"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="feedrun",
            name="feed_run_known_state",
        ),
        migrations.AddField(
            model_name="feedrun",
            name="attempts",
            field=models.PositiveSmallIntegerField(default=0, help_text="How often a worker has taken it up."),
        ),
        migrations.AddField(
            model_name="feedrun",
            name="cancelled_by",
            field=models.CharField(blank=True, help_text="Who asked for it to stop.", max_length=150),
        ),
        migrations.AddField(
            model_name="feedrun",
            name="handed_over_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(), help_text="When the worker was last told of it."
            ),
        ),
        migrations.AddField(
            model_name="feedrun",
            name="quarantine_location",
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AlterField(
            model_name="feedrun",
            name="state",
            field=models.CharField(
                choices=[
                    ("queued", "Queued"),
                    ("running", "Running"),
                    ("succeeded", "Succeeded"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="queued",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="feedrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["queued", "running", "succeeded", "failed", "cancelled"])),
                name="feed_run_known_state",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "cancelled"), _negated=True),
                    models.Q(("cancelled_by", ""), _negated=True),
                    _connector="OR",
                ),
                name="feed_run_cancelled_says_who",
            ),
        ),
    ]
