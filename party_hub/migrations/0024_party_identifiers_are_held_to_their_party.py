import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("party_hub", "0023_party_identifiers_are_derived"),
    ]

    operations = [
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
        migrations.AlterField(
            model_name="partyidentifier",
            name="scheme",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="party_hub.identifierscheme",
            ),
        ),
    ]
