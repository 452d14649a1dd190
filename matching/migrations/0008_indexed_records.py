"""A record of the index knows its keys, so the keys need no second index by record; an over-full key knows how many
records its rule allows.

What was over-full before was so from a hundred records on; the next `rebuild` brings the index in line.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

TAKE_KEYS = """
UPDATE matching_indexedrecord i SET keys = held.keys
FROM (SELECT record_id, array_agg(key ORDER BY key) AS keys FROM matching_recordkey GROUP BY record_id) held
WHERE held.record_id = i.record_id
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0007_record_forms")]

    operations = [
        migrations.RenameModel("RecordForm", "IndexedRecord"),
        migrations.AddField(
            model_name="indexedrecord",
            name="keys",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), default=list, size=None
            ),
            preserve_default=False,
        ),
        migrations.RunSQL(TAKE_KEYS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="recordkey",
            name="record",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="party_hub.sourcerecord",
            ),
        ),
        migrations.AddField(
            model_name="overfullkey",
            name="cap",
            field=models.SmallIntegerField(default=100, help_text="So many records its rule allows."),
            preserve_default=False,
        ),
    ]
