"""The reference data that a new hub starts with. Administrators change it in the admin."""

import pycountry
from django.db import migrations

from party_hub.domain.identifiers import SCHEMES
from party_hub.domain.rules import DEFAULT_STRATEGIES

SOURCES = (
    ("gleif", "GLEIF", 95, True, "Legal Entity Identifier golden copy"),
    ("markit", "Markit", 85, False, "Markit reference entities"),
    ("dnb", "D&B", 75, False, "Dun & Bradstreet"),
    ("crm", "CRM", 60, False, "Internal customer relationship management"),
    ("events", "Event stream", 50, False, "Records that arrive over Kafka"),
    ("api", "API", 50, False, "Records written by REST clients"),
)
# Entity Legal Form codes (ISO 20275) of the commonest forms.
LEGAL_FORMS = (
    ("2HBR", "Gesellschaft mit beschränkter Haftung", "GmbH", "DE"),
    ("6QQB", "Aktiengesellschaft", "AG", "DE"),
    ("H0PO", "Private Limited Company", "Ltd", "GB"),
    ("B6ES", "Public Limited Company", "PLC", "GB"),
    ("HZEH", "Limited Liability Company (Delaware)", "LLC", "US"),
    ("XTIQ", "Corporation (Delaware)", "Corp", "US"),
    ("6CHY", "Société par actions simplifiée", "SAS", "FR"),
    ("54M6", "Besloten Vennootschap", "BV", "NL"),
    ("B5PM", "Naamloze vennootschap", "NV", "NL"),
    ("5RCH", "Sociedad anónima", "SA", "ES"),
    ("P418", "Società per azioni", "SpA", "IT"),
    ("9999", "Other, see the legal form's own text", "", None),
)


def add(apps, schema_editor):
    get = lambda name: apps.get_model("party_hub", name).objects  # noqa: E731
    for country in pycountry.countries:
        get("Country").get_or_create(
            code=country.alpha_2, defaults={"name": getattr(country, "common_name", country.name)}
        )
    for code, name, trust, duplicate_free, owner in SOURCES:
        get("SourceSystem").get_or_create(
            code=code, defaults={"name": name, "trust": trust, "duplicate_free": duplicate_free, "owner": owner}
        )
    for scheme in SCHEMES.values():
        get("IdentifierScheme").get_or_create(
            code=scheme.code,
            defaults={"name": scheme.name, "one_per_party": scheme.one_per_party, "personal": scheme.personal},
        )
    for code, name, abbreviation, country in LEGAL_FORMS:
        get("LegalForm").get_or_create(
            code=code, defaults={"name": name, "abbreviation": abbreviation, "country_id": country}
        )
    for attribute, strategy in DEFAULT_STRATEGIES.items():
        get("SurvivorshipRule").get_or_create(attribute=attribute, party_type="", defaults={"strategy": strategy.value})


class Migration(migrations.Migration):
    dependencies = [("party_hub", "0002_append_only_audit")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
