"""What waits to be resolved is written beside its record, by one writer; to check a million of them took too long."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("party_hub", "0016_margin_of_links"),
    ]

    operations = [
        migrations.AlterField(
            model_name="unresolvedrecord",
            name="record",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="unresolved",
                serialize=False,
                to="party_hub.sourcerecord",
            ),
        ),
    ]
