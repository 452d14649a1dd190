"""The first version of each rule and source that a migration put there: a change can only be told from what was."""

from django.db import migrations
from django.utils import timezone


def write(apps, schema_editor):
    """Writes what stands now as the version to begin with, where there is none."""
    for name in ("SurvivorshipRule", "SourceSystem"):
        model, history = apps.get_model("party_hub", name), apps.get_model("party_hub", f"Historical{name}")
        key = model._meta.pk.name
        for row in model.objects.exclude(pk__in=history.objects.values(key)):
            columns = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
            history.objects.create(**columns, history_date=timezone.now(), history_type="+")


class Migration(migrations.Migration):
    dependencies = [("party_hub", "0020_relationships_that_run_out")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
