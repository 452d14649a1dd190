"""Ada's morning: from sign-in to the event that tells the other systems, and back."""

import pytest
from playwright.sync_api import expect

from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import ReviewTask
from tests.browser import Hub
from tests.factories import SourceRecordFactory, a_person, a_suggestion, party_holding, party_of
from tests.journeys.conftest import Read

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_ada_decides_and_the_world_hears_of_it(hub: Hub, published: Read) -> None:
    ann = SourceRecordFactory(attributes=a_person("Ann Smith", phones=["+441132496001"]))
    anne = SourceRecordFactory(source_id="dnb", attributes=a_person("Anne Smith", emails=["anne@example.org"]))
    for record in (ann, anne):
        party_of(record)
    a_suggestion(ann, anne)
    refresh_tasks()
    assert sorted(envelope["type"] for _, envelope in published() if envelope) == ["party.created", "party.created"]

    hub.sign_in("ada")
    hub.page.get_by_role("link", name="Review queue").click()
    hub.page.get_by_test_id("queue-row").get_by_role("link").click()
    expect(hub.page.get_by_test_id("impact")).to_contain_text("retired")
    expect(hub.page.get_by_test_id("waterfall")).to_be_visible()
    hub.page.get_by_label("Reason").fill("Same birthday, same house.")
    hub.page.get_by_test_id("decide-match").click()
    expect(hub.page.get_by_text("The queue is empty")).to_be_visible()

    survivor = party_holding(ann)
    assert survivor == party_holding(anne)
    hub.open(f"/parties/{survivor.pk}/")
    expect(hub.page.get_by_test_id("lineage-row").filter(has_text="Phones")).to_contain_text("+441132496001")
    expect(hub.page.get_by_test_id("lineage-row").filter(has_text="E-mails")).to_contain_text("anne@example.org")
    expect(hub.page.get_by_test_id("history-row").filter(has_text="Same birthday").first).to_be_visible()

    told = {envelope["type"]: (key, envelope) for key, envelope in published() if envelope}
    key, merged = told["party.merged"]
    assert key == str(survivor.pk)
    assert merged["data"]["retiredIds"] == [told["party.redirected"][0]]
    assert merged["data"]["decision"]["actor"] == "user:ada"
    assert merged["data"]["decision"]["reason"] == "Same birthday, same house."

    hub.open("/tasks/?state=done")
    hub.page.get_by_test_id("queue-row").get_by_role("link").click()
    hub.page.get_by_test_id("undo").click()
    expect(hub.page.get_by_text("The task is open again")).to_be_visible()
    assert party_holding(ann) != party_holding(anne)
    assert ReviewTask.objects.get().state == "open"
    assert "party.split" in {envelope["type"] for _, envelope in published() if envelope}
