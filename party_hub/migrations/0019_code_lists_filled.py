"""Every currency of ISO 4217, language of ISO 639-3, and code of SIC, NACE and NAICS, beside those that are there."""

import csv
from pathlib import Path

import pycountry
from django.db import migrations

FILE = Path(__file__).resolve().parent.parent / "reference_data" / "industries.csv"


def add(apps, schema_editor):
    model = lambda name: apps.get_model("party_hub", name)  # noqa: E731
    with FILE.open(encoding="utf-8", newline="") as file:
        industries = [
            model("Industry")(code=f"{row['scheme']}:{row['code']}", scheme=row["scheme"], title=row["title"])
            for row in csv.DictReader(file)
        ]
    currencies = [
        model("Currency")(code=currency.alpha_3, name=currency.name, number=getattr(currency, "numeric", ""))
        for currency in pycountry.currencies
    ]
    languages = [
        model("Language")(code=language.alpha_3, name=language.name[:120], short=getattr(language, "alpha_2", ""))
        for language in pycountry.languages
    ]
    for rows in (industries, currencies, languages):
        type(rows[0])._default_manager.bulk_create(rows, ignore_conflicts=True, batch_size=2_000)


class Migration(migrations.Migration):
    dependencies = [("party_hub", "0018_code_lists")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
