"""The groups that are the hub's roles, and what each may do in the admin.

Pages and API ask `domain.roles`; these permissions are for the admin alone, which only administrators enter.
"""

from django.db import migrations

from party_hub.domain.roles import Role


def add(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects
    for role in Role:
        groups.get_or_create(name=role.value)


class Migration(migrations.Migration):
    dependencies = [("party_hub", "0004_api_tokens"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
