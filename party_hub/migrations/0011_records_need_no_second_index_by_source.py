"""The index by source alone goes: that of source and key begins with it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("party_hub", "0010_legal_forms"),
    ]

    operations = [
        migrations.AlterField(
            model_name="sourcerecord",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="records",
                to="party_hub.sourcesystem",
            ),
        ),
    ]
