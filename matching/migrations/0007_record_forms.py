"""Comparison forms beside the key index; candidate pairs without foreign keys, which are replaced by each run."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0006_training"),
        ("party_hub", "0016_margin_of_links"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecordForm",
            fields=[
                (
                    "record",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="party_hub.sourcerecord",
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("forms", models.TextField()),
            ],
        ),
        migrations.AlterField(
            model_name="candidatepair",
            name="left",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="party_hub.sourcerecord",
            ),
        ),
        migrations.AlterField(
            model_name="candidatepair",
            name="right",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="party_hub.sourcerecord",
            ),
        ),
    ]
