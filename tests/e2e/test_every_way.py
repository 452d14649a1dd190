"""Every act of a steward, by mouse, by keys alone, and without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from party_hub.models import GoldenRecord, Party, Pin, Retirement
from stewardship.actions.approve import do_or_propose
from stewardship.models import Approval, ApprovalLevel, Comment, Lease, ReviewTask, SavedView, TaskState
from stewardship.proposal import a_merge
from tests.browser import Hub
from tests.e2e.hands import WAYS, Hand
from tests.people import person

pytestmark = pytest.mark.e2e


@dataclass
class Desk:
    """A steward's browser, the hand that uses it, and what there is to do."""

    hub: Hub
    hand: Hand
    questions: list[ReviewTask]

    @property
    def page(self) -> Page:
        return self.hub.page

    @property
    def large(self) -> Party:
        """The party of two records in the first question."""
        first = self.questions[0]
        assert first.party_b is not None
        return first.party_b if first.party_b.golden.record_count > 1 else first.party_a

    @property
    def small(self) -> Party:
        """The other one."""
        first = self.questions[0]
        assert first.party_b is not None
        return first.party_a if self.large == first.party_b else first.party_b

    def press(self, name: str) -> None:
        """A button by its name."""
        self.hand.press(self.page.get_by_role("button", name=name).first)

    def says(self, words: str) -> None:
        """The page says so."""
        expect(self.page.get_by_text(words).first).to_be_visible()


@pytest.fixture(params=WAYS)
def desk(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, questions: list[ReviewTask]
) -> Iterator[Desk]:
    """Signed in as who the test's marker names, else as Ada."""
    context = browser.new_context(java_script_enabled=request.param != "no JavaScript")
    hub = Hub(context.new_page(), live_server)
    named = request.node.get_closest_marker("user")
    client = Client()
    client.force_login(person(named.args[0] if named else "ada"), backend="django.contrib.auth.backends.ModelBackend")
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
    yield Desk(hub, WAYS[request.param](hub.page), questions)
    context.close()
    assert hub.complaints == []


def alive() -> int:
    return Party.objects.filter(status="active").count()


@pytest.mark.parametrize("judgement", ["match", "no-match", "unsure"])
def test_a_question_is_answered_and_the_answer_taken_back(desk: Desk, judgement: str) -> None:
    first = desk.questions[0]
    desk.hub.open(f"/tasks/{first.pk}/")
    desk.hand.write(desk.page.get_by_label("Reason", exact=True), "Looked it up.")
    desk.hand.press(desk.page.get_by_test_id(f"decide-{judgement}"))
    expect(desk.page.get_by_test_id("undo")).to_be_visible()
    first.refresh_from_db()
    assert (first.state, first.reason) == (TaskState.DONE, "Looked it up.")
    desk.hand.press(desk.page.get_by_test_id("undo"))
    desk.says("The task is open again")


def test_parties_are_merged_and_the_merge_taken_back_from_the_history(desk: Desk) -> None:
    before = alive()
    desk.hub.open(f"/parties/merge/?a={desk.large.pk}&b={desk.small.pk}")
    desk.hand.write(desk.page.get_by_label("Reason"), "One person.")
    desk.press("Merge the parties")
    desk.says("The retired ids lead here")
    assert alive() == before - 1
    desk.press("Take back")
    desk.says("Everything that followed")
    assert alive() == before


def test_a_record_is_split_off(desk: Desk) -> None:
    before = alive()
    desk.hub.open(f"/parties/{desk.large.pk}/split/")
    desk.hand.tick(desk.page.locator("#record-2"))
    desk.press("Preview")
    expect(desk.page.get_by_test_id("impact")).to_contain_text("1 of 2 records")
    desk.hand.write(desk.page.get_by_label("Reason"), "Her sister.")
    desk.hand.press(desk.page.locator("button.button--bad"))
    expect(desk.page.get_by_test_id("lineage-row").first).to_be_visible()
    assert alive() == before + 1


def test_a_record_is_moved(desk: Desk) -> None:
    target, name = desk.small, desk.small.golden.name
    desk.hub.open(f"/parties/{desk.large.pk}/split/")
    desk.hand.tick(desk.page.locator("#record-2"))
    desk.press("Move to another party")
    desk.hand.write(desk.page.get_by_label("Name or identifier"), name)
    desk.press("Search")
    desk.hand.press(desk.page.get_by_role("link", name=name, exact=True).first)
    desk.hand.write(desk.page.get_by_label("Reason"), "It is hers.")
    desk.press("Move the record")
    desk.says("The records have left")
    assert GoldenRecord.objects.get(party=target).record_count == 2


def test_a_party_is_created(desk: Desk) -> None:
    desk.hub.open("/parties/new/")
    desk.hand.choose(desk.page.get_by_label("Party type"), "Individual")
    desk.hand.write(desk.page.get_by_label("Full name"), "Zoltan Kiss")
    desk.hand.write(desk.page.get_by_label("Reason"), "Walked in.")
    desk.press("Look whether it is here")
    desk.press("Create the party")
    expect(desk.page.get_by_role("heading", name="Zoltan Kiss")).to_be_visible()


def test_a_party_is_retired_and_brought_back(desk: Desk) -> None:
    desk.hub.open(f"/parties/{desk.small.pk}/retire/")
    desk.hand.write(desk.page.get_by_label("Reason"), "A test entry.")
    desk.hand.press(desk.page.locator("button.button--bad"))
    desk.says("Retired")
    assert Retirement.objects.filter(retracted_at=None).count() == 1
    desk.press("Bring")
    desk.says("It is back")
    assert not Retirement.objects.filter(retracted_at=None).exists()


def test_a_value_is_pinned_and_the_pin_ended(desk: Desk) -> None:
    desk.hub.open(f"/parties/{desk.small.pk}/")
    desk.hand.choose(desk.page.locator("#id_attribute"), "Country")
    desk.hand.write(desk.page.locator("#id_value"), "IE")
    desk.hand.write(desk.page.locator("[data-testid=pin-form] #id_reason"), "She moved.")
    desk.press("Pin this value")
    desk.says("She moved.")
    assert Pin.objects.get(retracted_at=None).value == "IE"
    desk.press("Remove the pin")
    expect(desk.page.get_by_test_id("lineage-row").filter(has_text="Country")).to_contain_text("United Kingdom")
    assert not Pin.objects.filter(retracted_at=None).exists()


def test_a_comment_names_a_colleague(desk: Desk) -> None:
    person("cleo")
    desk.hub.open(f"/tasks/{desk.questions[0].pk}/")
    desk.hand.write(desk.page.locator("#comment-text"), "@cleo knows them.")
    desk.hand.press(desk.page.locator("#comments button"))
    desk.says("knows them.")
    assert Comment.objects.get().mentions.get().user.username == "cleo"


def test_a_task_is_claimed_and_released(desk: Desk) -> None:
    desk.hub.open(f"/tasks/{desk.questions[0].pk}/")
    desk.press("Claim")
    expect(desk.page.get_by_role("button", name="Release")).to_be_visible()
    assert Lease.objects.get().claimed
    desk.press("Release")
    expect(desk.page.get_by_role("button", name="Claim")).to_be_visible()


def test_a_view_of_the_queue_is_saved(desk: Desk) -> None:
    desk.hub.open("/tasks/?party_type=organisation")
    desk.hand.press(desk.page.get_by_text("Save this view"))
    desk.hand.write(desk.page.get_by_label("Name", exact=True), "Firms")
    desk.hand.press(desk.page.get_by_role("button", name="Save", exact=True))
    expect(desk.page.get_by_role("link", name="Firms")).to_be_visible()
    assert SavedView.objects.get().name == "Firms"


@pytest.mark.user("cleo")
def test_many_tasks_are_put_aside_at_once(desk: Desk) -> None:
    desk.hub.open("/tasks/bulk/?party_type=individual")
    desk.hand.tick(desk.page.get_by_role("radio", name="Put aside"))
    for box in desk.page.get_by_role("checkbox").all():
        desk.hand.tick(box)
    desk.press("Do it")
    desk.says("2 tasks put aside")
    assert ReviewTask.objects.filter(waiting_until__isnull=False).count() == 2


def a_proposal(desk: Desk) -> Approval:
    ApprovalLevel.objects.create(act="merge", measure="always")
    proposal = a_merge((desk.large.pk, desk.small.pk), "Same person.")
    approval = do_or_propose(proposal=proposal, user=person("ada")).approval
    assert approval is not None
    return approval


@pytest.mark.user("cleo")
@pytest.mark.parametrize("answer", ["Approve and do it", "Reject"])
def test_a_proposal_is_approved_or_rejected(desk: Desk, answer: str) -> None:
    before, approval = alive(), a_proposal(desk)
    desk.hub.open(f"/approvals/{approval.pk}/")
    desk.hand.write(desk.page.get_by_label("Note"), "Looked at both files.")
    desk.press(answer)
    desk.says("Approved and done" if answer != "Reject" else "Rejected")
    approval.refresh_from_db()
    assert (approval.state, alive()) == (("rejected", before) if answer == "Reject" else ("approved", before - 1))
