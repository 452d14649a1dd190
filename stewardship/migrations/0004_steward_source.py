"""The source system of what stewards enter by hand. They have looked it up, so they are trusted."""

from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("party_hub", "SourceSystem").objects.get_or_create(
        code="steward", defaults={"name": "Stewards", "trust": 90, "owner": "The lead steward"}
    )


class Migration(migrations.Migration):
    dependencies = [("stewardship", "0003_approvals_guarded"), ("party_hub", "0003_reference_data")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
