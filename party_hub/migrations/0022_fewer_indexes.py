"""Indexes that another one serves as well: each costs every new party and record."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("party_hub", "0021_first_versions_of_rules_and_trust"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="membership",
            name="membership_live_by_party",
        ),
        migrations.AlterField(
            model_name="partyidentifier",
            name="party",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="identifiers",
                to="party_hub.party",
            ),
        ),
    ]
