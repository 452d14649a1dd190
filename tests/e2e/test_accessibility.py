"""Each page, light and dark: axe finds nothing (WCAG 2.2 AA), and no page scrolls sideways on a telephone."""

from uuid import UUID

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from ingestion.models import FeedRun, QualityResult, RejectedRow
from matching.actions.choose_questions import choose_questions
from matching.actions.label_pairs import label_pair
from matching.actions.manage_models import ensure_model
from matching.actions.start_round import start_round
from matching.actions.train_from_answers import train_from_answers
from matching.models import TrainingRun
from party_hub.domain.judgement import Judgement
from stewardship.actions.approve import do_or_propose
from stewardship.models import Approval, ApprovalLevel, ReviewTask
from stewardship.proposal import a_merge
from tests.browser import Hub
from tests.matching.test_training import answers
from tests.people import person

pytestmark = pytest.mark.e2e


def waiting(a: UUID, b: UUID) -> Approval:
    """A merge that waits for approval."""
    ApprovalLevel.objects.get_or_create(act="merge", measure="always")
    approval = do_or_propose(proposal=a_merge((a, b), "Same person."), user=person("ada")).approval
    assert approval is not None
    return approval


def training_pages() -> list[str]:
    """Labelling with a question open and one answered; what two see differently; a training and its model."""
    asked = start_round(actor="user:ada", second_share=100)
    choose_questions(round_id=asked.pk)
    first = asked.questions.all()[0]
    label = label_pair(left=first.left_id, right=first.right_id, verdict=Judgement.MATCH, actor="user:ada")
    label_pair(left=first.left_id, right=first.right_id, verdict=Judgement.NO_MATCH, actor="user:eva")
    answers(24)
    run = train_from_answers(run_id=TrainingRun.objects.create(asked_by="user:cleo").pk)
    assert run is not None
    return [
        "/matching/training/",
        f"/matching/training/{run.pk}/",
        f"/matching/{run.model_version}/",
        "/matching/agreement/",
        f"/matching/{ensure_model(actor='system:test')}/",
        f"/matching/labels/?answered={label.pk}",
        "/matching/labels/answers/",
        f"/matching/labels/answers/{label.pk}/",
    ]


def every_page(task: ReviewTask) -> list[str]:
    run = FeedRun.objects.create(
        feed_id="crm",
        state="succeeded",
        location="crm.csv",
        landed=2,
        accepted=1,
        created=1,
        quarantined=1,
        requested_by="user:dan",
        finished_at=timezone.now(),
    )
    row = RejectedRow.objects.create(run=run, line=3, field="born", reason="no such day", raw='{"CUSTOMER_ID": "C1"}')
    noted = QualityResult.objects.create(
        run=run, code="lei_valid:be_in_set", says="The LEI is wrong.", dimension="validity", severity="warn",
        passed=False, rows=2, failing=1, lines=[2],
    )  # fmt: skip
    a, b = task.party_a_id, task.party_b_id
    record = task.right_id if task.party_b.golden.record_count > 1 else task.left_id
    larger = b if task.party_b.golden.record_count > 1 else a
    return [
        "/",
        "/tasks/",
        "/tasks/?kind=conflict",
        f"/tasks/{task.pk}/",
        f"/tasks/{task.pk}/?by=record&left_out={record}",
        f"/tasks/{task.pk}/graph/?least=0",
        "/tasks/bulk/",
        "/tasks/decided/",
        "/parties/",
        "/parties/?q=nobody",
        f"/parties/{larger}/",
        f"/parties/{larger}/split/?records={record}",
        f"/parties/merge/?a={a}&b={b}",
        "/feeds/",
        f"/feeds/{run.pk}/",
        "/feeds/quarantine/",
        f"/feeds/quarantine/{row.pk}/",
        "/quality/",
        "/quality/feeds/crm/",
        f"/quality/results/{noted.pk}/",
        "/matching/",
        *training_pages(),
        f"/parties/{larger}/retire/",
        f"/parties/{larger}/hierarchy/",
        f"/parties/{larger}/lineage/",
        f"/parties/{larger}/?attribute=country",
        "/parties/new/",
        "/approvals/",
        f"/approvals/{waiting(a, b).pk}/",
        "/rules/",
        "/rules/gender/",
        "/activity/",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    scheme: str, browser: Browser, live_server: LiveServer, questions: list[ReviewTask]
) -> None:
    context = browser.new_context(color_scheme=scheme)  # type: ignore[arg-type]
    hub = Hub(context.new_page(), live_server)
    hub.open("/sign-in/")
    found = {"/sign-in/": hub.violations()}
    hub.sign_in("ada")
    for path in every_page(questions[0]):
        hub.open(path)
        found[path] = hub.violations()
    context.close()
    assert {path: violations for path, violations in found.items() if violations} == {}
    assert hub.complaints == []


def test_axe_finds_nothing_where_a_lead_settles(hub: Hub, questions: list[ReviewTask]) -> None:
    training_pages()
    hub.sign_in("cleo")
    hub.open("/matching/agreement/")
    assert hub.violations() == []
    hub.page.get_by_test_id("disagreement").get_by_role("link").click()
    hub.page.wait_for_url("**/pair/**")
    assert hub.violations() == []


def test_no_page_is_wider_than_a_telephone(
    browser: Browser, live_server: LiveServer, questions: list[ReviewTask]
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    hub = Hub(context.new_page(), live_server)
    hub.sign_in("ada")
    widths = {}
    for path in every_page(questions[0]):
        hub.open(path)
        widths[path] = hub.page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert {path: width for path, width in widths.items() if width > 390} == {}


def test_error_pages_are_accessible_too(ada: Hub) -> None:
    ada.open("/nowhere/")
    assert ada.violations() == []
    ada.complaints.clear()  # the browser reports the 404 itself


def test_the_skip_link_leads_past_the_navigation(ada: Hub) -> None:
    ada.open("/rules/")
    ada.page.keyboard.press("Tab")
    assert ada.page.evaluate("document.activeElement.textContent") == "Skip to content"
    ada.page.keyboard.press("Enter")
    ada.page.keyboard.press("Tab")
    assert ada.page.evaluate("document.querySelector('main').contains(document.activeElement)")
