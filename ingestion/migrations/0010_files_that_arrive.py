"""Feeds may watch a place; a run knows which version of a file it was asked for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0009_feed_expected_every"),
    ]

    operations = [
        migrations.AddField(
            model_name="feedrun",
            name="file_version",
            field=models.CharField(blank=True, help_text="Time and size of a file that arrived.", max_length=64),
        ),
        migrations.AlterField(
            model_name="feed",
            name="location",
            field=models.CharField(
                blank=True,
                help_text="Where its file lies for a scheduled load: a path, file:// or s3:// URL. One that ends in a slash is watched: each file that arrives there is loaded. Empty: by hand only.",
                max_length=400,
            ),
        ),
        migrations.AlterField(
            model_name="historicalfeed",
            name="location",
            field=models.CharField(
                blank=True,
                help_text="Where its file lies for a scheduled load: a path, file:// or s3:// URL. One that ends in a slash is watched: each file that arrives there is loaded. Empty: by hand only.",
                max_length=400,
            ),
        ),
    ]
