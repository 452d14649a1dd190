"""Pins in a real browser: a source is silenced where its value stands, and asked about again by keys alone."""

import pytest
from playwright.sync_api import expect

from party_hub.actions.pin_value import pin_value
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.models import GoldenRecord, Party
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask
from tests.browser import Hub
from tests.factories import SourceRecordFactory, a_person, party_of

pytestmark = pytest.mark.e2e


@pytest.fixture
def ann(transactional_db: None) -> Party:
    """Ann, whom two sources know with two birthdays."""
    one = SourceRecordFactory(attributes=a_person("Ann Smith", date_of_birth="1984-03-12"))
    other = SourceRecordFactory(source_id="markit", attributes=a_person("Ann Smith", date_of_birth="1984-12-03"))
    return party_of(one, other)


def test_a_source_is_silenced_where_its_value_stands(ann: Party, ada: Hub) -> None:
    page = ada.page
    ada.open(f"/parties/{ann.pk}/?attribute=date_of_birth&choice=0&statement=")
    form = page.get_by_test_id("forbid-form")
    form.get_by_label("Reason").fill("Misread.")
    form.get_by_role("button", name="Do not hear it").click()
    expect(page.get_by_test_id("sources-grid")).to_contain_text("not heard:")
    assert GoldenRecord.objects.get(pk=ann.pk).values["date_of_birth"] == "1984-03-12"


def test_a_pin_is_dropped_and_taken_back_by_keys_alone(ann: Party, ada: Hub) -> None:
    pin_value(party=ann.pk, attribute="date_of_birth", value="1984-01-01", actor="user:ada", reason="passport")
    record = next(one.record for one in ann.memberships.all() if one.record.source_id == "markit")
    record.attributes = record.attributes | {"date_of_birth": "1984-05-05"}
    record.save()
    resolve_parties(records=[record.pk], actor="system:test")
    refresh_tasks()
    page, task = ada.page, ReviewTask.objects.get()
    ada.open(f"/tasks/{task.pk}/")
    expect(page.get_by_test_id("pin-review")).to_contain_text("1984-05-05")
    page.keyboard.press("n")
    page.get_by_test_id("undo").wait_for()
    assert GoldenRecord.objects.get(pk=ann.pk).values["date_of_birth"] == "1984-05-05"
    page.keyboard.press("z")
    page.get_by_test_id("pin-keep").wait_for()
    assert GoldenRecord.objects.get(pk=ann.pk).values["date_of_birth"] == "1984-01-01"
