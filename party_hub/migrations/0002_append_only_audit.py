"""The database itself refuses to change or delete what was audited."""

from django.db import migrations

FORBID = """
CREATE FUNCTION party_hub_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit entries are append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON party_hub_auditentry
    FOR EACH ROW EXECUTE FUNCTION party_hub_audit_is_append_only();
CREATE TRIGGER audit_not_truncated BEFORE TRUNCATE ON party_hub_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION party_hub_audit_is_append_only();
"""
ALLOW = """
DROP TRIGGER audit_append_only ON party_hub_auditentry;
DROP TRIGGER audit_not_truncated ON party_hub_auditentry;
DROP FUNCTION party_hub_audit_is_append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("party_hub", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
