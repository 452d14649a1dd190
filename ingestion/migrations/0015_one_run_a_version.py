"""A version of a file that arrived is loaded by one run, however often somebody tells of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0014_golden_copies_are_full"),
    ]

    operations = [
        migrations.AlterField(
            model_name="feedrun",
            name="file_version",
            field=models.CharField(blank=True, help_text="Which version of a file that arrived.", max_length=64),
        ),
        migrations.AddConstraint(
            model_name="feedrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("file_version", ""), _negated=True),
                fields=("feed", "location", "file_version"),
                name="feed_run_once_per_version",
            ),
        ),
    ]
