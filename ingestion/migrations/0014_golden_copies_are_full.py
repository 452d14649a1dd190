"""GLEIF's own names: the golden copy holds every LEI; all other files hold what has changed since some hours ago."""

from django.db import migrations


def name_full_files(apps, schema_editor):
    apps.get_model("ingestion", "Feed").objects.filter(name__startswith="gleif").update(full_names="*golden-copy.*")


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0013_full_and_delta_files")]
    operations = [migrations.RunPython(name_full_files, migrations.RunPython.noop)]
