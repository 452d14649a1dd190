"""Lineage, folded and told."""

from importlib import import_module

import pytest
from django.apps import apps

from party_hub.domain.lineage import unfold
from party_hub.models import GoldenRecord
from tests.factories import SourceRecordFactory, a_person, party_of

migration = import_module("party_hub.migrations.0012_fold_lineage")


@pytest.mark.django_db
def test_lineage_that_was_stored_in_full_is_folded_and_tells_the_same():
    one, other = SourceRecordFactory(), SourceRecordFactory(attributes=a_person("Anne Smith", country="FR"))
    golden = GoldenRecord.objects.get(party=party_of(one, other))
    told = unfold(golden.lineage, golden.values)
    GoldenRecord.objects.filter(pk=golden.pk).update(lineage=told)
    migration.fold_all(apps, None)
    golden.refresh_from_db()
    assert "records" in golden.lineage
    assert unfold(golden.lineage, golden.values) == told
    assert any(not value["won"] for value in told["country"]["values"])
