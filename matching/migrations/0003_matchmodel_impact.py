"""What putting a model in force would change, worked out before it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_sweep_schedule")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="impact",
            field=models.JSONField(
                blank=True, default=dict, help_text="What putting it in force would change, and when that was seen."
            ),
        )
        for model in ("matchmodel", "historicalmatchmodel")
    ]
