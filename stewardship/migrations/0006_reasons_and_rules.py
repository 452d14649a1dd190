"""Reason codes and assignment rules that a new hub starts with, and the guard that a task is decided once."""

from django.db import migrations

REASONS = {
    "match": (
        ("same-identifier", "Same identifier"),
        ("same-details", "Name and details agree"),
        ("changed-name", "Changed name"),
        ("moved", "Moved"),
        ("confirmed", "Confirmed by the customer or the source"),
    ),
    "no_match": (
        ("different-identifier", "Different identifiers"),
        ("relatives", "Relatives or namesakes"),
        ("group-companies", "Companies of one group"),
        ("predecessor", "Predecessor or successor"),
        ("shared-contact", "Only address or contact shared"),
    ),
    "unsure": (("too-little", "Too little is known"), ("contradictory", "The sources contradict each other")),
}
RULES = ((10, "Conflicts", "conflict", 24), (90, "All others", "", 120))
# Answered is answered: another answer needs the first to be taken back.
GUARD = """
CREATE FUNCTION stewardship_task_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'task % is decided already', OLD.id
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'task_decided_once';
END $$;
CREATE TRIGGER task_decided_once BEFORE UPDATE ON stewardship_reviewtask
FOR EACH ROW WHEN (OLD.state = 'done' AND NEW.state = 'done' AND OLD.act IS DISTINCT FROM NEW.act)
EXECUTE FUNCTION stewardship_task_decided_once();
"""
UNGUARD = """
DROP TRIGGER task_decided_once ON stewardship_reviewtask;
DROP FUNCTION stewardship_task_decided_once();
"""


def fill(apps, schema_editor):
    """One row each."""
    codes = apps.get_model("stewardship", "ReasonCode")
    for judgement, reasons in REASONS.items():
        for position, (code, label) in enumerate(reasons, start=1):
            codes.objects.create(code=code, label=label, judgement=judgement, position=position)
    rules = apps.get_model("stewardship", "AssignmentRule")
    for position, name, kind, hours in RULES:
        rules.objects.create(position=position, name=name, kind=kind, due_hours=hours)


class Migration(migrations.Migration):
    dependencies = [("stewardship", "0005_queue_and_reasons")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
