"""Each pin that was there gets an act of its own, and each decision that was superseded the act that did so."""

from django.db import migrations

GIVE = """
UPDATE party_hub_pin SET act = gen_random_uuid();
UPDATE party_hub_decision former SET retracted_in = later.act
FROM party_hub_decision later WHERE later.supersedes_id = former.id AND former.retracted_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("party_hub", "0006_acts_that_close")]
    operations = [migrations.RunSQL(GIVE, migrations.RunSQL.noop)]
