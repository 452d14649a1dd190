"""Lineage stored in full, as it was before `domain.lineage`, folded: golden records and all their versions."""

from django.db import migrations


def fold(told):
    """Lineage by attribute, each value with its records in full, as `domain.lineage` keeps it."""
    places, records, attributes = {}, [], {}

    def by(said):
        for record in said["records"]:
            if record["record"] not in places:
                places[record["record"]] = len(records)
                records.append(record)
        return [places[record["record"]] for record in said["records"]]

    for name, said in told.items():
        won = [value for value in said["values"] if value["won"]]
        lost = [value for value in said["values"] if not value["won"]]
        kept = {"rule": said["rule"], "reason": said["reason"], "won": [by(value) for value in won]}
        if lost:
            kept["lost"] = [{"value": value["value"], "by": by(value)} for value in lost]
        if won and "pin" in won[0]:
            kept["pin"] = won[0]["pin"]
        attributes[name] = kept
    return {"records": records, "attributes": attributes}


def fold_all(apps, schema_editor):
    """Rewrites what is not folded yet, a thousand rows at a time."""
    for name in ("GoldenRecord", "HistoricalGoldenRecord"):
        model = apps.get_model("party_hub", name)
        changed = []
        for row in model.objects.exclude(lineage={}).exclude(lineage__has_key="records").iterator(1_000):
            row.lineage = fold(row.lineage)
            changed.append(row)
            if len(changed) == 1_000:
                model.objects.bulk_update(changed, ["lineage"])
                changed = []
        model.objects.bulk_update(changed, ["lineage"])


class Migration(migrations.Migration):
    dependencies = [("party_hub", "0011_records_need_no_second_index_by_source")]
    operations = [migrations.RunPython(fold_all, migrations.RunPython.noop)]
