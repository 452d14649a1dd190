"""The key index is indexed by key alone; the records of exhausted keys, which are few, have their order in a table of
their own.

Django goes on taking (key, record) for the primary key of `RecordKey`. In the database it is no constraint any more:
its index was three times as large, and most of what a new record costs.
"""

import django.db.models.deletion
from django.db import migrations, models

PUT_IN_ORDER = """
INSERT INTO matching_exhaustedkeyrecord (key, record_id)
SELECT k.key, k.record_id FROM matching_recordkey k JOIN matching_overfullkey o ON o.key = k.key WHERE o.exhausted
"""
DROP = "ALTER TABLE matching_recordkey DROP CONSTRAINT matching_recordkey_pkey"
RESTORE = "ALTER TABLE matching_recordkey ADD CONSTRAINT matching_recordkey_pkey PRIMARY KEY (key, record_id)"


class Migration(migrations.Migration):
    dependencies = [("matching", "0008_indexed_records"), ("party_hub", "0018_code_lists")]

    operations = [
        migrations.CreateModel(
            name="ExhaustedKeyRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "key", "record", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key", models.BigIntegerField()),
                (
                    "record",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="party_hub.sourcerecord",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(PUT_IN_ORDER, migrations.RunSQL.noop),
        migrations.RunSQL(DROP, RESTORE),
        migrations.AddIndex(
            model_name="recordkey",
            index=models.Index(fields=["key"], name="record_key_by_key"),
        ),
    ]
