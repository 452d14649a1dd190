"""Whoever pins or silences an identifier needs a second pair of eyes; on parties with many records or relationships the
levels for every act ask for one anyway.
"""

from django.db import migrations


def add(apps, schema_editor):
    level = apps.get_model("stewardship", "ApprovalLevel").objects
    level.get_or_create(act="pin", measure="pinned_identifier", defaults={"at_least": 1})


class Migration(migrations.Migration):
    dependencies = [("stewardship", "0012_pins_with_four_eyes")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
