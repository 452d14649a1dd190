"""Every page of the workbench with something on it: what the tests of accessibility and width go through."""

from uuid import UUID

from django.utils import timezone

from ingestion.models import FeedRun, QualityResult, RejectedRow
from matching.actions.choose_questions import choose_questions
from matching.actions.label_pairs import label_pair
from matching.actions.manage_models import ensure_model
from matching.actions.start_round import start_round
from matching.actions.train_from_answers import train_from_answers
from matching.models import TrainingRun
from party_hub.actions.pin_value import pin_value
from party_hub.actions.resolve_parties import resolve_parties
from party_hub.domain.judgement import Judgement
from party_hub.models import SourceRecord
from stewardship.actions.approve import do_or_propose
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.models import Approval, ApprovalLevel, ReviewTask, TaskKind, TaskState
from stewardship.proposal import a_merge
from tests.factories import SourceRecordFactory, a_person, a_suggestion, party_of
from tests.matching.test_training import answers
from tests.people import person
from tests.stewardship.opposing import opposed_records


def every_page(task: ReviewTask) -> list[str]:
    """The addresses of all pages; `task` is an open question about two parties."""
    return [*task_pages(task), *party_pages(task), *feed_pages(), *training_pages(), *pages_of_rules(task)]


def task_pages(task: ReviewTask) -> list[str]:
    """The first page, the queue, questions about two parties, about large ones, about a pin, and a
    conflict.
    """
    record = task.right_id if task.party_b.golden.record_count > 1 else task.left_id
    large, pin, conflict = a_large_question(), a_question_about_a_pin(), a_conflict()
    return [
        "/",
        "/tasks/",
        "/tasks/?kind=lei_news",
        f"/tasks/{task.pk}/",
        f"/tasks/{task.pk}/?by=record&left_out={record}",
        f"/tasks/{large.pk}/",
        f"/tasks/{large.pk}/?by=record&part=2",
        f"/tasks/{large.pk}/graph/?least=0",
        f"/tasks/{pin.pk}/",
        f"/tasks/{conflict.pk}/",
        "/tasks/bulk/",
        "/tasks/decided/",
    ]


def a_large_question() -> ReviewTask:
    """A question about a party of one record and one of twenty, each of whom has another e-mail."""
    one = SourceRecordFactory(attributes=a_person("Bo Lindqvist"))
    others = [
        SourceRecordFactory(attributes=a_person("Bo Lindkvist", emails=[f"bo.lindkvist.{number}@example.org"]))
        for number in range(20)
    ]
    party_of(one)
    party_of(*others)
    a_suggestion(one, others[0], 0.6)
    refresh_tasks()
    return ReviewTask.objects.get(left__in=[one, others[0]], right__in=[one, others[0]])


def a_question_about_a_pin() -> ReviewTask:
    """A source says something else beneath a pin."""
    record = SourceRecordFactory(source_id="markit", attributes=a_person("Cy Twombly", date_of_birth="1984-12-03"))
    party = party_of(record)
    pin_value(party=party.pk, attribute="date_of_birth", value="1984-01-01", actor="user:ada", reason="passport")
    said = SourceRecord.objects.get(pk=record.pk)
    said.attributes = said.attributes | {"date_of_birth": "1984-05-05"}
    said.save()
    resolve_parties(records=[said.pk], actor="system:test")
    refresh_tasks()
    return ReviewTask.objects.get(kind=TaskKind.PIN, party_a=party)


def a_conflict() -> ReviewTask:
    """Decisions that cannot all hold."""
    opposed_records()
    return ReviewTask.objects.get(kind=TaskKind.CONFLICT, state=TaskState.OPEN)


def party_pages(task: ReviewTask) -> list[str]:
    """Search, profile with its forms, acts on parties, lists of relatives, the paper report."""
    a, b = task.party_a_id, task.party_b_id
    record = task.right_id if task.party_b.golden.record_count > 1 else task.left_id
    larger = b if task.party_b.golden.record_count > 1 else a
    return [
        "/parties/",
        "/parties/?q=nobody",
        f"/parties/{larger}/",
        f"/parties/{larger}/?attribute=country",
        f"/parties/{larger}/?attribute=country&choice=0&statement=",
        f"/parties/{larger}/how/",
        f"/parties/{larger}/lineage/",
        f"/parties/{larger}/hierarchy/",
        f"/parties/{larger}/report/",
        f"/parties/{larger}/retire/",
        f"/parties/{larger}/split/?records={record}",
        f"/parties/merge/?a={a}&b={b}",
        "/parties/new/",
    ]


def feed_pages() -> list[str]:
    """Feeds, a run, the quarantine, and quality."""
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
    return [
        "/feeds/",
        f"/feeds/{run.pk}/",
        "/feeds/quarantine/",
        f"/feeds/quarantine/{row.pk}/",
        "/quality/",
        "/quality/feeds/crm/",
        f"/quality/results/{noted.pk}/",
    ]


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
        "/matching/",
        "/matching/training/",
        f"/matching/training/{run.pk}/",
        f"/matching/{run.model_version}/",
        "/matching/agreement/",
        f"/matching/{ensure_model(actor='system:test')}/",
        "/matching/labels/",
        f"/matching/labels/?answered={label.pk}",
        "/matching/labels/answers/",
        f"/matching/labels/answers/{label.pk}/",
    ]


def pages_of_rules(task: ReviewTask) -> list[str]:
    """Approvals, survivorship, what was done, and one's own preferences."""
    return [
        "/approvals/",
        f"/approvals/{waiting(task.party_a_id, task.party_b_id).pk}/",
        "/rules/",
        "/rules/gender/",
        "/activity/",
        "/activity/events/",
        "/preferences/",
    ]


def waiting(a: UUID, b: UUID) -> Approval:
    """A merge that waits for approval."""
    ApprovalLevel.objects.get_or_create(act="merge", measure="always")
    approval = do_or_propose(proposal=a_merge((a, b), "Same person."), user=person("ada")).approval
    assert approval is not None
    return approval
