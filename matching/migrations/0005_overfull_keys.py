"""Keys that more records share than a model's limit, beside the key index that they are worked out from."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0004_labelling")]

    operations = [
        migrations.CreateModel(
            name="OverfullKey",
            fields=[
                ("key", models.BigIntegerField(primary_key=True, serialize=False)),
                ("exhausted", models.BooleanField(default=False, help_text="It cannot be refined any further.")),
            ],
        ),
    ]
