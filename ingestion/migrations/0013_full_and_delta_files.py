"""Files are full or deltas; a full one that leaves out too much waits until somebody confirms it."""

import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0012_gleif_level_2"),
        ("party_hub", "0012_fold_lineage"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="feedrun",
            name="feed_run_nothing_lost",
        ),
        migrations.AddField(
            model_name="feed",
            name="delta_names",
            field=models.CharField(
                blank=True, help_text="Files with names like this are deltas, whatever is the rule.", max_length=100
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="full_names",
            field=models.CharField(
                blank=True,
                help_text="Files with names like this are full ones, whatever is the rule: *full*, crm_????-??-01.csv.",
                max_length=100,
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="load_type",
            field=models.CharField(
                choices=[
                    ("full", "Full: every record of the source; one that is not in the file is withdrawn"),
                    ("delta", "Delta: what has changed; a record that is not in the file stays as it is"),
                ],
                default="delta",
                help_text="What its files are, as a rule.",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="feed",
            name="most_missing_percent",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="How much of the source a full file may leave out. When more is missing, the run stops and asks.",
            ),
        ),
        migrations.AddField(
            model_name="feedrun",
            name="as_of",
            field=models.DateTimeField(
                blank=True,
                help_text="When a full file spoke: its newest row's moment, else when it was asked for.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="feedrun",
            name="confirmed_by",
            field=models.CharField(blank=True, help_text="Who said that what is missing is to go.", max_length=150),
        ),
        migrations.AddField(
            model_name="feedrun",
            name="held",
            field=models.BooleanField(
                default=False, help_text="It has stopped until somebody confirms what it would withdraw."
            ),
        ),
        migrations.AddField(
            model_name="feedrun",
            name="load_type",
            field=models.CharField(
                choices=[
                    ("full", "Full: every record of the source; one that is not in the file is withdrawn"),
                    ("delta", "Delta: what has changed; a record that is not in the file stays as it is"),
                ],
                default="delta",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="feedrun",
            name="missing",
            field=models.PositiveIntegerField(
                default=0, help_text="Of those withdrawn, how many a full file no longer held."
            ),
        ),
        migrations.AddField(
            model_name="historicalfeed",
            name="delta_names",
            field=models.CharField(
                blank=True, help_text="Files with names like this are deltas, whatever is the rule.", max_length=100
            ),
        ),
        migrations.AddField(
            model_name="historicalfeed",
            name="full_names",
            field=models.CharField(
                blank=True,
                help_text="Files with names like this are full ones, whatever is the rule: *full*, crm_????-??-01.csv.",
                max_length=100,
            ),
        ),
        migrations.AddField(
            model_name="historicalfeed",
            name="load_type",
            field=models.CharField(
                choices=[
                    ("full", "Full: every record of the source; one that is not in the file is withdrawn"),
                    ("delta", "Delta: what has changed; a record that is not in the file stays as it is"),
                ],
                default="delta",
                help_text="What its files are, as a rule.",
                max_length=5,
            ),
        ),
        migrations.AddField(
            model_name="historicalfeed",
            name="most_missing_percent",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="How much of the source a full file may leave out. When more is missing, the run stops and asks.",
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(("load_type__in", ["full", "delta"])), name="feed_known_load_type"
            ),
        ),
        migrations.AddConstraint(
            model_name="feed",
            constraint=models.CheckConstraint(
                condition=models.Q(("most_missing_percent__range", (0, 100))), name="feed_missing_is_a_percentage"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "succeeded"), _negated=True),
                    models.Q(
                        (
                            "accepted",
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            django.db.models.expressions.CombinedExpression(
                                                models.F("created"), "+", models.F("updated")
                                            ),
                                            "+",
                                            models.F("unchanged"),
                                        ),
                                        "+",
                                        models.F("late"),
                                    ),
                                    "+",
                                    models.F("withdrawn"),
                                ),
                                "-",
                                models.F("missing"),
                            ),
                        ),
                        (
                            "landed",
                            django.db.models.expressions.CombinedExpression(
                                models.F("accepted"), "+", models.F("quarantined")
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="feed_run_nothing_lost",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("load_type__in", ["full", "delta"])), name="feed_run_known_load_type"
            ),
        ),
        migrations.AddConstraint(
            model_name="feedrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("held", False), ("state", "failed"), _connector="OR"),
                name="feed_run_held_has_failed",
            ),
        ),
        migrations.AddConstraint(
            model_name="feedrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("missing", 0), ("load_type", "full"), _connector="OR"),
                name="feed_run_missing_in_full_files",
            ),
        ),
    ]
