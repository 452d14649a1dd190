"""The relationship types that a hub starts with, the sources of GLEIF's level 2, and `relations` in place of the attribute
`ultimate_parent_duns`, which only D&B's global ultimates had.

Parties whose records name one are worked out again with the next sweep; until then they do not name it.
"""

from django.db import migrations

ORGANISATION, INDIVIDUAL, ANY = "organisation", "individual", ""
# code, name, inverse name, part of the tree at this position (0: not), one at a time, kind of the party and of the other
TYPES = (
    ("direct_parent", "Direct parent", "Direct subsidiary", 10, True, ORGANISATION, ORGANISATION),
    ("head_office", "Head office", "International branch", 20, True, ORGANISATION, ORGANISATION),
    ("umbrella_fund", "Umbrella fund", "Sub-fund", 30, True, ORGANISATION, ORGANISATION),
    ("master_fund", "Master fund", "Feeder fund", 40, True, ORGANISATION, ORGANISATION),
    ("domestic_ultimate", "Domestic ultimate", "Domestic subsidiary", 50, True, ORGANISATION, ORGANISATION),
    ("ultimate_parent", "Ultimate parent", "Ultimate subsidiary", 60, True, ORGANISATION, ORGANISATION),
    ("global_ultimate", "Global ultimate", "Global subsidiary", 70, True, ORGANISATION, ORGANISATION),
    ("fund_manager", "Fund manager", "Managed fund", 0, True, ORGANISATION, ANY),
    ("successor", "Successor", "Predecessor", 0, False, ORGANISATION, ORGANISATION),
    ("owner", "Owner", "Holding", 0, False, ORGANISATION, ANY),
    ("employer", "Employer", "Employee", 0, False, INDIVIDUAL, ORGANISATION),
    ("household", "Same household", "Same household", 0, False, INDIVIDUAL, INDIVIDUAL),
    ("spouse", "Spouse", "Spouse", 0, True, INDIVIDUAL, INDIVIDUAL),
)
SYMMETRIC = ("household", "spouse")
SOURCES = (
    ("gleif-rr", "GLEIF relationships", "GLEIF level 2, relationship records"),
    ("gleif-repex", "GLEIF exceptions", "GLEIF level 2, reporting exceptions"),
)
REPLACE = """
UPDATE party_hub_{table} SET attributes = attributes - 'ultimate_parent_duns' || jsonb_build_object('relations',
    jsonb_build_array(jsonb_build_object('type', 'global_ultimate', 'scheme', 'duns',
                                         'value', attributes->>'ultimate_parent_duns')))
WHERE attributes ? 'ultimate_parent_duns'
"""
WAIT = """
INSERT INTO party_hub_unresolvedrecord (record_id, version)
SELECT id, version FROM party_hub_sourcerecord WHERE attributes ? 'relations' ON CONFLICT DO NOTHING
"""
FORGET = """
UPDATE party_hub_{table}
SET "values" = "values" - 'ultimate_parent_duns', lineage = lineage #- '{{attributes,ultimate_parent_duns}}'
WHERE "values" ? 'ultimate_parent_duns'
"""
DROP = "DELETE FROM party_hub_{table} WHERE attribute = 'ultimate_parent_duns'"


def add(apps, schema_editor):
    """Adds what is not there."""
    for code, name, inverse, position, one, party_kind, other_kind in TYPES:
        apps.get_model("party_hub", "RelationshipType").objects.get_or_create(
            code=code,
            defaults={
                "name": name, "inverse_name": inverse, "symmetric": code in SYMMETRIC, "hierarchical": position > 0,
                "position": position or 100, "one_at_a_time": one, "party_kind": party_kind, "other_kind": other_kind,
            },
        )  # fmt: skip
    for code, name, owner in SOURCES:
        apps.get_model("party_hub", "SourceSystem").objects.get_or_create(
            code=code, defaults={"name": name, "trust": 95, "owner": owner}
        )


class Migration(migrations.Migration):
    dependencies = [("party_hub", "0014_relations")]
    operations = [
        migrations.RunPython(add, migrations.RunPython.noop),
        *(migrations.RunSQL(REPLACE.format(table=name), "") for name in ("sourcerecord", "sourcerecordversion")),
        migrations.RunSQL(WAIT, ""),
        *(migrations.RunSQL(FORGET.format(table=name), "") for name in ("goldenrecord", "historicalgoldenrecord")),
        *(migrations.RunSQL(DROP.format(table=name), "") for name in ("pin", "survivorshiprule", "attributetrust")),
    ]
