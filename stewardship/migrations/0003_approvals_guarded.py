"""The database keeps a proposal as it was proposed and a verdict as it was given; and the levels a new hub starts with."""

from django.db import migrations

GUARD = """
CREATE FUNCTION stewardship_approval_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'waiting' THEN
        RAISE EXCEPTION 'a decided approval stays as it is' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.kind, OLD.parties, OLD.arguments, OLD.reason, OLD.proposed_by_id, OLD.proposed_at, OLD.expires_at)
       IS DISTINCT FROM
       (NEW.kind, NEW.parties, NEW.arguments, NEW.reason, NEW.proposed_by_id, NEW.proposed_at, NEW.expires_at) THEN
        RAISE EXCEPTION 'a proposal stays as it was proposed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_guard BEFORE UPDATE ON stewardship_approval
    FOR EACH ROW EXECUTE FUNCTION stewardship_approval_guard();
"""
UNGUARD = "DROP TRIGGER approval_guard ON stewardship_approval; DROP FUNCTION stewardship_approval_guard"
LEVELS = (
    ("", "records", 25),
    ("", "parties", 4),
    ("", "identifiers", 1),
    ("", "relationships", 10),
    ("rules", "always", 1),
)


def add_levels(apps, schema_editor):
    level = apps.get_model("stewardship", "ApprovalLevel").objects
    for act, measure, at_least in LEVELS:
        level.get_or_create(act=act, measure=measure, defaults={"at_least": at_least})


class Migration(migrations.Migration):
    dependencies = [("stewardship", "0002_approvals")]
    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunPython(add_levels, migrations.RunPython.noop),
    ]
