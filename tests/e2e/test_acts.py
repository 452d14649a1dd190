"""Weighty acts in a real browser: by mouse, by keys alone, and without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from party_hub.actions.pin_value import pin_value
from party_hub.models import GoldenRecord, Party, SurvivorshipRule
from stewardship.actions.approve import do_or_propose
from stewardship.models import Approval, ApprovalLevel
from stewardship.proposal import a_merge
from tests.browser import Hub
from tests.factories import SourceRecordFactory, a_party, a_person, party_of
from tests.people import person

pytestmark = pytest.mark.e2e


@pytest.fixture
def smiths(transactional_db: None) -> list[Party]:
    """Three parties of the name: one of three records, two of one."""
    records = [SourceRecordFactory(attributes=a_person(name)) for name in ("Ann Smith", "Anne Smith", "A. Smith")]
    return [party_of(*records), a_party("Annie Smith"), a_party("Anna Smith")]


def alive() -> int:
    return Party.objects.filter(status="active").count()


def without_javascript(browser: Browser, server: LiveServer) -> Hub:
    hub = Hub(browser.new_context(java_script_enabled=False).new_page(), server)
    hub.sign_in("ada")
    return hub


def merge_those_ticked(page: Page) -> None:
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Merge those ticked").click()
    expect(page.get_by_test_id("impact")).to_contain_text("the other 2 ids are retired")
    page.get_by_label("Reason").fill("One person, three branches.")
    page.get_by_role("button", name="Merge the parties").click()


def test_three_parties_found_by_search_are_merged_by_mouse_and_taken_back(ada: Hub, smiths: list[Party]) -> None:
    ada.open("/parties/?q=smith")
    merge_those_ticked(ada.page)
    expect(ada.page.get_by_text("The retired ids lead here")).to_be_visible()
    assert alive() == 1
    ada.page.get_by_role("button", name="Take back").first.click()
    expect(ada.page.get_by_text("Everything that followed")).to_be_visible()
    assert alive() == 3


def test_three_parties_are_merged_without_javascript(
    browser: Browser, live_server: LiveServer, smiths: list[Party]
) -> None:
    hub = without_javascript(browser, live_server)
    hub.open("/parties/?q=smith")
    merge_those_ticked(hub.page)
    expect(hub.page.get_by_text("The retired ids lead here")).to_be_visible()
    hub.page.context.close()
    assert alive() == 1


def test_a_party_is_split_by_keys_alone(ada: Hub, smiths: list[Party]) -> None:
    keys = ada.page.keyboard
    ada.open(f"/parties/{smiths[0].pk}/")
    keys.press("s")
    ada.page.wait_for_url("**/split/")
    ada.page.locator("#record-2").focus()
    keys.press("Space")
    keys.press("p")
    expect(ada.page.get_by_test_id("impact")).to_contain_text("1 of 3 records leave")
    ada.page.locator("#id_reason").focus()
    keys.type("Her sister.")
    keys.press("Enter")
    ada.page.wait_for_url(f"**/parties/{smiths[0].pk}/")
    assert alive() == 4


def test_a_record_is_moved_to_a_party_found_by_search(ada: Hub, smiths: list[Party]) -> None:
    ada.open(f"/parties/{smiths[0].pk}/split/")
    ada.page.locator("#record-2").check()
    ada.page.get_by_role("button", name="Move to another party").click()
    expect(ada.page.get_by_role("heading", name="Move 1 record to which party?")).to_be_visible()
    ada.page.get_by_label("Name or identifier").fill("Annie Smith")
    ada.page.get_by_role("button", name="Search").click()
    ada.page.get_by_role("link", name="Annie Smith").first.click()
    expect(ada.page.get_by_test_id("impact")).to_contain_text("Moves 1 record from")
    ada.page.get_by_label("Reason").fill("It is hers.")
    ada.page.get_by_role("button", name="Move the record").click()
    expect(ada.page.get_by_text("The records have left")).to_be_visible()
    assert GoldenRecord.objects.get(party=smiths[1].pk).record_count == 2


def proposed(*parties: Party) -> Approval:
    ApprovalLevel.objects.create(act="merge", measure="always")
    proposal = a_merge(tuple(party.pk for party in parties), "Same person.")
    approval = do_or_propose(proposal=proposal, user=person("ada")).approval
    assert approval is not None
    return approval


def test_a_lead_approves_by_keys_alone(hub: Hub, smiths: list[Party]) -> None:
    approval = proposed(*smiths[1:])
    hub.sign_in("cleo")
    hub.open("/approvals/")
    hub.page.keyboard.press("j")
    hub.page.keyboard.press("Enter")
    hub.page.wait_for_url(f"**/approvals/{approval.pk}/")
    hub.page.keyboard.press("x")
    expect(hub.page.get_by_text("Approved and done")).to_be_visible()
    assert alive() == 2


def test_the_page_tells_when_the_party_changes_under_it_and_keeps_what_was_typed(ada: Hub, smiths: list[Party]) -> None:
    party = smiths[1]
    ada.open(f"/parties/{party.pk}/")
    ada.page.locator("#id_attribute").select_option("country")
    ada.page.locator("#id_value").fill("FR")
    ada.page.locator("#id_reason").fill("Letter from Paris.")
    pin_value(party=party.pk, attribute="country", value="IE", actor="user:cleo", reason="She moved.")
    expect(ada.page.get_by_test_id("changed")).to_be_visible()
    ada.page.get_by_role("button", name="Pin this value").click()
    expect(ada.page.get_by_test_id("shift")).to_contain_text("Ireland")
    expect(ada.page.locator("#id_value")).to_have_value("FR")
    assert GoldenRecord.objects.get(party=party.pk).values["country"] == "IE"
    ada.complaints.clear()  # the browser reports the 412 itself


def test_a_party_is_entered_by_hand_after_a_search(ada: Hub, smiths: list[Party]) -> None:
    ada.open("/parties/")
    ada.page.get_by_role("link", name="New party").click()
    ada.page.get_by_label("Party type").select_option("individual")
    ada.page.get_by_label("Full name").fill("Zoltan Kiss")
    ada.page.get_by_label("Reason").fill("Walked in.")
    ada.page.get_by_role("button", name="Look whether it is here").click()
    expect(ada.page.get_by_text("Nobody like it is here")).to_be_visible()
    ada.page.get_by_role("button", name="Create the party").click()
    expect(ada.page.get_by_role("heading", name="Zoltan Kiss")).to_be_visible()


def test_the_past_is_looked_at_and_left_again(ada: Hub, smiths: list[Party]) -> None:
    pin_value(party=smiths[1].pk, attribute="country", value="IE", actor="user:cleo", reason="She moved.")
    ada.open(f"/parties/{smiths[1].pk}/")
    ada.page.get_by_role("link", name="as it was then").last.click()
    expect(ada.page.get_by_test_id("known-at")).to_be_visible()
    expect(ada.page.get_by_test_id("lineage-row").filter(has_text="Country")).to_contain_text("United Kingdom")
    ada.page.get_by_role("link", name="Back to now").click()
    expect(ada.page.get_by_test_id("lineage-row").filter(has_text="Country")).to_contain_text("Ireland")


def test_a_rule_is_drafted_looked_at_and_activated_by_another(hub: Hub, smiths: list[Party]) -> None:
    hub.sign_in("cleo")
    hub.open("/rules/")
    hub.page.get_by_role("link", name="Names", exact=True).click()
    hub.page.get_by_label("Strategy").select_option("longest")
    hub.page.get_by_label("Reason").fill("Say names in full.")
    hub.page.get_by_role("button", name="See what it would change").click()
    expect(hub.page.get_by_test_id("impact")).to_contain_text("of 1 parties")
    hub.page.get_by_role("button", name="Propose it").click()
    expect(hub.page.get_by_text("somebody else approves it")).to_be_visible()
    hub.page.context.clear_cookies()
    hub.sign_in("dan")
    hub.open("/approvals/")
    hub.page.get_by_role("link", name="Change survivorship rules").click()
    hub.page.get_by_role("button", name="Approve and do it").click()
    expect(hub.page.get_by_text("Approved and done")).to_be_visible()
    assert SurvivorshipRule.objects.get(attribute="names", party_type="").strategy == "longest"
