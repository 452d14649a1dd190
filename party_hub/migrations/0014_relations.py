"""Relationships as golden records say them, over time; and the types that they are of."""

import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import party_hub.domain.attributes


class Migration(migrations.Migration):
    dependencies = [
        ("party_hub", "0013_pins_that_forbid"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.DeleteModel(name="Relationship"),
        migrations.CreateModel(
            name="HistoricalRelationshipType",
            fields=[
                ("code", models.CharField(db_index=True, max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("inverse_name", models.CharField(max_length=80)),
                (
                    "symmetric",
                    models.BooleanField(default=False, help_text="Both stand to each other in the same way (spouses)."),
                ),
                (
                    "hierarchical",
                    models.BooleanField(default=False, help_text="The other party stands above: part of the tree."),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Of several parties above, the one by the type with the smallest number is the branch.",
                    ),
                ),
                (
                    "one_at_a_time",
                    models.BooleanField(
                        default=False,
                        help_text="A party has one such relationship; where sources differ, survivorship decides.",
                    ),
                ),
                (
                    "party_kind",
                    models.CharField(
                        blank=True,
                        choices=[("individual", "Individual"), ("organisation", "Organisation")],
                        help_text="What may have one; empty: all.",
                        max_length=20,
                    ),
                ),
                (
                    "other_kind",
                    models.CharField(
                        blank=True,
                        choices=[("individual", "Individual"), ("organisation", "Organisation")],
                        help_text="What the other may be.",
                        max_length=20,
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical relationship type",
                "verbose_name_plural": "historical relationship types",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Relationship",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scheme", models.CharField(blank=True, max_length=40)),
                ("value", models.CharField(blank=True, max_length=100)),
                ("exception", models.CharField(blank=True, max_length=60)),
                ("reference", models.CharField(blank=True, max_length=200)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("connected", "Connected"),
                            ("unknown", "Unknown"),
                            ("itself", "Itself"),
                            ("unfit", "Unfit"),
                            ("exception", "Exception"),
                        ],
                        max_length=10,
                    ),
                ),
                ("holders", models.PositiveSmallIntegerField(default=0)),
                ("since", models.DateField(null=True)),
                ("until", models.DateField(null=True)),
                ("share", models.DecimalField(decimal_places=6, help_text="Per cent.", max_digits=9, null=True)),
                ("ended", models.BooleanField(default=False)),
                ("place", models.PositiveSmallIntegerField()),
                ("branch", models.BooleanField(default=False)),
                ("span", django.contrib.postgres.fields.ranges.DateTimeRangeField()),
            ],
        ),
        migrations.CreateModel(
            name="RelationshipType",
            fields=[
                ("code", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("inverse_name", models.CharField(max_length=80)),
                (
                    "symmetric",
                    models.BooleanField(default=False, help_text="Both stand to each other in the same way (spouses)."),
                ),
                (
                    "hierarchical",
                    models.BooleanField(default=False, help_text="The other party stands above: part of the tree."),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=100,
                        help_text="Of several parties above, the one by the type with the smallest number is the branch.",
                    ),
                ),
                (
                    "one_at_a_time",
                    models.BooleanField(
                        default=False,
                        help_text="A party has one such relationship; where sources differ, survivorship decides.",
                    ),
                ),
                (
                    "party_kind",
                    models.CharField(
                        blank=True,
                        choices=[("individual", "Individual"), ("organisation", "Organisation")],
                        help_text="What may have one; empty: all.",
                        max_length=20,
                    ),
                ),
                (
                    "other_kind",
                    models.CharField(
                        blank=True,
                        choices=[("individual", "Individual"), ("organisation", "Organisation")],
                        help_text="What the other may be.",
                        max_length=20,
                    ),
                ),
            ],
            options={
                "ordering": ["position", "code"],
            },
        ),
        migrations.RemoveIndex(
            model_name="sourcerecord",
            name="source_record_by_parent_duns",
        ),
        migrations.AlterField(
            model_name="attributetrust",
            name="attribute",
            field=models.CharField(
                choices=[
                    ("names", "Names"),
                    ("date_of_birth", "Date of birth"),
                    ("gender", "Gender"),
                    ("nationality", "Nationality"),
                    ("addresses", "Addresses"),
                    ("identifiers", "Identifiers"),
                    ("phones", "Phones"),
                    ("emails", "E-mails"),
                    ("websites", "Websites"),
                    ("country", "Country"),
                    ("legal_form", "Legal form"),
                    ("date_of_incorporation", "Date of incorporation"),
                    ("industry_code", "Industry"),
                    ("sector", "Sector"),
                    ("employees", "Employees"),
                    ("ticker", "Ticker"),
                    ("relations", "Relations"),
                    ("status", "Status"),
                ],
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="historicalattributetrust",
            name="attribute",
            field=models.CharField(
                choices=[
                    ("names", "Names"),
                    ("date_of_birth", "Date of birth"),
                    ("gender", "Gender"),
                    ("nationality", "Nationality"),
                    ("addresses", "Addresses"),
                    ("identifiers", "Identifiers"),
                    ("phones", "Phones"),
                    ("emails", "E-mails"),
                    ("websites", "Websites"),
                    ("country", "Country"),
                    ("legal_form", "Legal form"),
                    ("date_of_incorporation", "Date of incorporation"),
                    ("industry_code", "Industry"),
                    ("sector", "Sector"),
                    ("employees", "Employees"),
                    ("ticker", "Ticker"),
                    ("relations", "Relations"),
                    ("status", "Status"),
                ],
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="historicalpin",
            name="attribute",
            field=models.CharField(
                choices=[
                    ("names", "Names"),
                    ("date_of_birth", "Date of birth"),
                    ("gender", "Gender"),
                    ("nationality", "Nationality"),
                    ("addresses", "Addresses"),
                    ("identifiers", "Identifiers"),
                    ("phones", "Phones"),
                    ("emails", "E-mails"),
                    ("websites", "Websites"),
                    ("country", "Country"),
                    ("legal_form", "Legal form"),
                    ("date_of_incorporation", "Date of incorporation"),
                    ("industry_code", "Industry"),
                    ("sector", "Sector"),
                    ("employees", "Employees"),
                    ("ticker", "Ticker"),
                    ("relations", "Relations"),
                    ("status", "Status"),
                ],
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="historicalsurvivorshiprule",
            name="attribute",
            field=models.CharField(
                choices=[
                    ("names", "Names"),
                    ("date_of_birth", "Date of birth"),
                    ("gender", "Gender"),
                    ("nationality", "Nationality"),
                    ("addresses", "Addresses"),
                    ("identifiers", "Identifiers"),
                    ("phones", "Phones"),
                    ("emails", "E-mails"),
                    ("websites", "Websites"),
                    ("country", "Country"),
                    ("legal_form", "Legal form"),
                    ("date_of_incorporation", "Date of incorporation"),
                    ("industry_code", "Industry"),
                    ("sector", "Sector"),
                    ("employees", "Employees"),
                    ("ticker", "Ticker"),
                    ("relations", "Relations"),
                    ("status", "Status"),
                ],
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="historicalsurvivorshiprule",
            name="follows",
            field=models.CharField(
                blank=True,
                choices=[
                    ("names", "Names"),
                    ("date_of_birth", "Date of birth"),
                    ("gender", "Gender"),
                    ("nationality", "Nationality"),
                    ("addresses", "Addresses"),
                    ("identifiers", "Identifiers"),
                    ("phones", "Phones"),
                    ("emails", "E-mails"),
                    ("websites", "Websites"),
                    ("country", "Country"),
                    ("legal_form", "Legal form"),
                    ("date_of_incorporation", "Date of incorporation"),
                    ("industry_code", "Industry"),
                    ("sector", "Sector"),
                    ("employees", "Employees"),
                    ("ticker", "Ticker"),
                    ("relations", "Relations"),
                    ("status", "Status"),
                ],
                help_text="Prefer the record that won this attribute, so that values which belong together come together.",
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="pin",
            name="attribute",
            field=models.CharField(
                choices=[
                    ("names", "Names"),
                    ("date_of_birth", "Date of birth"),
                    ("gender", "Gender"),
                    ("nationality", "Nationality"),
                    ("addresses", "Addresses"),
                    ("identifiers", "Identifiers"),
                    ("phones", "Phones"),
                    ("emails", "E-mails"),
                    ("websites", "Websites"),
                    ("country", "Country"),
                    ("legal_form", "Legal form"),
                    ("date_of_incorporation", "Date of incorporation"),
                    ("industry_code", "Industry"),
                    ("sector", "Sector"),
                    ("employees", "Employees"),
                    ("ticker", "Ticker"),
                    ("relations", "Relations"),
                    ("status", "Status"),
                ],
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="survivorshiprule",
            name="attribute",
            field=models.CharField(
                choices=[
                    ("names", "Names"),
                    ("date_of_birth", "Date of birth"),
                    ("gender", "Gender"),
                    ("nationality", "Nationality"),
                    ("addresses", "Addresses"),
                    ("identifiers", "Identifiers"),
                    ("phones", "Phones"),
                    ("emails", "E-mails"),
                    ("websites", "Websites"),
                    ("country", "Country"),
                    ("legal_form", "Legal form"),
                    ("date_of_incorporation", "Date of incorporation"),
                    ("industry_code", "Industry"),
                    ("sector", "Sector"),
                    ("employees", "Employees"),
                    ("ticker", "Ticker"),
                    ("relations", "Relations"),
                    ("status", "Status"),
                ],
                max_length=60,
            ),
        ),
        migrations.AlterField(
            model_name="survivorshiprule",
            name="follows",
            field=models.CharField(
                blank=True,
                choices=[
                    ("names", "Names"),
                    ("date_of_birth", "Date of birth"),
                    ("gender", "Gender"),
                    ("nationality", "Nationality"),
                    ("addresses", "Addresses"),
                    ("identifiers", "Identifiers"),
                    ("phones", "Phones"),
                    ("emails", "E-mails"),
                    ("websites", "Websites"),
                    ("country", "Country"),
                    ("legal_form", "Legal form"),
                    ("date_of_incorporation", "Date of incorporation"),
                    ("industry_code", "Industry"),
                    ("sector", "Sector"),
                    ("employees", "Employees"),
                    ("ticker", "Ticker"),
                    ("relations", "Relations"),
                    ("status", "Status"),
                ],
                help_text="Prefer the record that won this attribute, so that values which belong together come together.",
                max_length=60,
            ),
        ),
        migrations.AddField(
            model_name="historicalrelationshiptype",
            name="history_user",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="relationship",
            name="other",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="related",
                to="party_hub.party",
            ),
        ),
        migrations.AddField(
            model_name="relationship",
            name="party",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="relationships",
                to="party_hub.party",
            ),
        ),
        migrations.AddField(
            model_name="relationship",
            name="record",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="party_hub.sourcerecord",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationshiptype",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[a-z][a-z0-9_]{0,39}$")), name="relationship_type_code_is_plain"
            ),
        ),
        migrations.AddConstraint(
            model_name="relationshiptype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "other_kind__in",
                        [
                            "",
                            party_hub.domain.attributes.Kind["INDIVIDUAL"],
                            party_hub.domain.attributes.Kind["ORGANISATION"],
                        ],
                    ),
                    (
                        "party_kind__in",
                        [
                            "",
                            party_hub.domain.attributes.Kind["INDIVIDUAL"],
                            party_hub.domain.attributes.Kind["ORGANISATION"],
                        ],
                    ),
                ),
                name="relationship_type_known_kinds",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationshiptype",
            constraint=models.CheckConstraint(
                condition=models.Q(("symmetric", False), ("hierarchical", False), _connector="OR"),
                name="relationship_type_symmetric_or_above",
            ),
        ),
        migrations.AddField(
            model_name="relationship",
            name="type",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="party_hub.relationshiptype",
            ),
        ),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(fields=["party"], name="relationship_of_party"),
        ),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(
                condition=models.Q(("other__isnull", False)), fields=["other"], name="relationship_to_other"
            ),
        ),
        migrations.AddIndex(
            model_name="relationship",
            index=models.Index(
                condition=models.Q(("span__upper_inf", True), models.Q(("scheme", ""), _negated=True)),
                fields=["scheme", "value"],
                name="relationship_by_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("span__upper_inf", True)),
                fields=("party", "type", "scheme", "value", "exception"),
                name="relationship_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("span__upper_inf", True)),
                fields=("party", "type", "place"),
                name="relationship_one_in_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.UniqueConstraint(
                condition=models.Q(("span__upper_inf", True), ("branch", True)),
                fields=("party",),
                name="relationship_one_branch",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("other__isnull", False), ("standing__in", ["connected", "unfit"])),
                    models.Q(("other__isnull", True), ("standing__in", ["unknown", "itself", "exception"])),
                    _connector="OR",
                ),
                name="relationship_connected_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("scheme", ""),
                        ("standing", "exception"),
                        ("value", ""),
                        models.Q(("exception", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("standing", "exception"), _negated=True),
                        models.Q(("scheme", ""), _negated=True),
                        models.Q(("value", ""), _negated=True),
                        ("exception", ""),
                    ),
                    _connector="OR",
                ),
                name="relationship_names_or_excepts",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("other__isnull", True), models.Q(("party", models.F("other")), _negated=True), _connector="OR"
                ),
                name="relationship_between_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("branch", False), models.Q(("ended", False), ("standing", "connected")), _connector="OR"
                ),
                name="relationship_branch_leads",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("share__isnull", True), models.Q(("share__gte", 0), ("share__lte", 100)), _connector="OR"
                ),
                name="relationship_share_to_100",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("since__isnull", True), ("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"
                ),
                name="relationship_until_after_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="relationship",
            constraint=models.CheckConstraint(
                condition=models.Q(("span__isempty", False)), name="relationship_span_not_empty"
            ),
        ),
    ]
