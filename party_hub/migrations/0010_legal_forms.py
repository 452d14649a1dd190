"""Every legal form of ISO 20275, beside those that somebody may have changed already."""

import csv
from pathlib import Path

from django.db import migrations, models

FILE = Path(__file__).resolve().parent.parent / "reference_data" / "legal_forms.csv"


def add(apps, schema_editor):
    """Adds the codes that are not there, and says of all where they hold and whether they are in use."""
    legal_form = apps.get_model("party_hub", "LegalForm")
    countries = set(apps.get_model("party_hub", "Country").objects.values_list("code", flat=True))
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            legal_form(
                code=row["code"], name=row["name"][:200], abbreviation=row["abbreviation"],
                country_id=row["country"] if row["country"] in countries else None,
                jurisdiction=row["jurisdiction"], active=row["active"] == "yes",
            )
            for row in csv.DictReader(file)
        ]  # fmt: skip
    legal_form.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["code"], update_fields=["jurisdiction", "active"]
    )


class Migration(migrations.Migration):
    dependencies = [
        ("party_hub", "0009_survivorship_chains"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicallegalform",
            name="active",
            field=models.BooleanField(default=True, help_text="Whether the code may still be given out."),
        ),
        migrations.AddField(
            model_name="historicallegalform",
            name="jurisdiction",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="legalform",
            name="active",
            field=models.BooleanField(default=True, help_text="Whether the code may still be given out."),
        ),
        migrations.AddField(
            model_name="legalform",
            name="jurisdiction",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.RunPython(add, migrations.RunPython.noop),
    ]
