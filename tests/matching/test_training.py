"""A model learns from stewards' answers: idempotent, one at a time, stoppable, and found where it died."""

from collections.abc import Iterator
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import psycopg2
import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from matching.actions import train_from_answers as training
from matching.actions.manage_models import activate_model, ensure_model, tune_thresholds
from matching.actions.train_from_answers import train_from_answers
from matching.actions.training_runs import BROKEN_OFF, cancel_training, recover_trainings, request_training
from matching.answers import known_answers
from matching.engine.holding import is_held_back
from matching.models import Label, MatchModel, TrainingRun
from matching.queries import active_model, model_of
from matching.tasks import sweep
from matching.tasks import train as train_task
from matching.training_lock import TRAINING_LOCK
from party_hub.actions.errors import Conflict, NotFound
from party_hub.domain.attributes import Kind
from tests.factories import SourceRecordFactory, a_person, a_suggestion

pytestmark = pytest.mark.django_db
CLEO = "user:cleo"


def answers(number: int) -> None:
    """Labelled pairs: the same person told twice, and brothers who share a house."""
    for place in range(number):
        same = place % 2 == 0
        one = SourceRecordFactory(attributes=a_person(f"Ann Smith{place}", phones=[f"+44113{place:07}"]))
        told = a_person(f"Anne Smith{place}" if same else f"Robert Smith{place}", emails=[])
        other = SourceRecordFactory(
            source_id="dnb", attributes=told | ({} if same else {"date_of_birth": f"19{60 + place % 30}-07-01"})
        )
        pair = a_suggestion(one, other, 0.6)
        Label.objects.create(
            left=pair.left, right=pair.right, verdict="match" if same else "no_match", author="user:ada"
        )


@pytest.fixture
def labelled(db: None) -> None:
    """Sixty answers."""
    answers(60)


def train() -> TrainingRun:
    run = train_from_answers(run_id=request_training(actor=CLEO).pk)
    assert run is not None
    return run


@pytest.fixture
def elsewhere(db: None) -> Iterator[Any]:
    """Another process holds the lock of trainings."""
    database = settings.DATABASES["default"]
    other = psycopg2.connect(
        host=database["HOST"],
        port=database["PORT"],
        user=database["USER"],
        password=database["PASSWORD"],
        dbname=connection.settings_dict["NAME"],
    )
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [TRAINING_LOCK])
    yield other
    other.close()


def test_a_training_keeps_a_model_that_is_not_in_force(labelled: None) -> None:
    run = train()
    assert (run.state, run.live, run.error, run.percent) == ("done", False, "", 100)
    kept = MatchModel.objects.get(version=run.model_version)
    assert (kept.active, kept.created_by) == (False, CLEO)
    assert active_model().version == run.active_version != run.model_version
    assert kept.trained["taught"] == {
        "answers": run.answers, "held_back": run.held_back, "data": kept.trained["taught"]["data"],
    }  # fmt: skip
    assert run.answers + run.held_back == len(known_answers()) == 60


def test_both_models_are_held_against_answers_that_neither_has_seen(labelled: None) -> None:
    run = train()
    held = sum(is_held_back(str(one.left), str(one.right)) for one in known_answers())
    for name in ("active", "new"):
        found = run.result[name]
        assert found["pairs"] == held == sum(band["pairs"] for band in found["bands"])
        assert set(found) >= {"precision", "recall", "f1", "log_loss", "review"}
    assert run.result["new"]["log_loss"] < run.result["active"]["log_loss"]
    assert run.result["active"]["review"] >= 0


def test_the_curve_goes_from_no_answer_to_all(labelled: None) -> None:
    run = train()
    curve = run.result["curve"]
    assert [step["answers"] for step in curve] == [0, 10, 20, 30, run.answers]
    assert curve[-1]["log_loss"] == run.result["new"]["log_loss"]
    assert curve[0]["log_loss"] == run.result["active"]["log_loss"]


def test_a_held_back_answer_never_reaches_the_weights(labelled: None) -> None:
    before = train().model_version
    for label in Label.objects.all():
        if is_held_back(str(label.left_id), str(label.right_id)):
            label.verdict = "no_match" if label.verdict == "match" else "match"
            label.save()
    assert train().model_version == before


def test_the_same_answers_give_the_same_model_even_once_it_is_in_force(labelled: None) -> None:
    first = train()
    assert train().model_version == first.model_version
    activate_model(version=first.model_version, actor=CLEO)
    again = train()
    assert (again.model_version, again.active_version) == (first.model_version, first.model_version)
    assert MatchModel.objects.count() == 2


def test_thresholds_in_force_are_kept(labelled: None) -> None:
    shipped = ensure_model(actor=CLEO)
    strict = {kind: body.thresholds for kind, body in model_of(shipped).kinds.items()}
    strict[Kind.INDIVIDUAL] = type(strict[Kind.INDIVIDUAL])(automatic=9.0, review=0.5)
    tuned = tune_thresholds(version=shipped, thresholds=strict, actor=CLEO, reason="Stricter.")
    activate_model(version=tuned.version, actor=CLEO)
    kept = MatchModel.objects.get(version=train().model_version)
    assert kept.thresholds["individual"]["automatic"] == 9.0
    assert kept.trained["base"] == shipped
    assert "weights_of" not in kept.trained


def test_too_few_answers_are_refused_with_what_to_do() -> None:
    answers(4)
    with pytest.raises(Conflict, match="at least 10"):
        request_training(actor=CLEO)
    run = TrainingRun.objects.create(asked_by=CLEO)
    train_from_answers(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert "Label more pairs" in run.error


def test_one_training_at_a_time(labelled: None) -> None:
    request_training(actor=CLEO)
    with pytest.raises(Conflict, match="at work already"):
        request_training(actor=CLEO)


def test_a_training_that_waits_is_cancelled_at_once(labelled: None) -> None:
    run = cancel_training(run_id=request_training(actor=CLEO).pk, actor=CLEO)
    assert (run.state, run.cancelled_by, run.live) == ("cancelled", CLEO, False)
    assert train_from_answers(run_id=run.pk) is None
    with pytest.raises(Conflict, match="over"):
        cancel_training(run_id=run.pk, actor=CLEO)
    with pytest.raises(NotFound):
        cancel_training(run_id=0, actor=CLEO)


def test_a_training_at_work_stops_at_its_next_step_and_keeps_nothing(
    labelled: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = request_training(actor=CLEO)
    before = MatchModel.objects.count()

    def cancelled_meanwhile(number: int) -> list[int]:
        cancel_training(run_id=run.pk, actor="user:dan")
        return [0, number]

    monkeypatch.setattr(training, "curve_steps", cancelled_meanwhile)
    train_from_answers(run_id=run.pk)
    run.refresh_from_db()
    assert (run.state, run.model_version) == ("cancelled", "")
    assert MatchModel.objects.count() - before <= 1  # the model that ships


def test_what_goes_wrong_is_written_on_the_run(labelled: None, monkeypatch: pytest.MonkeyPatch) -> None:
    run = request_training(actor=CLEO)
    monkeypatch.setattr(training, "queue_sizes", lambda models: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        train_from_answers(run_id=run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.error.startswith("ZeroDivisionError")
    monkeypatch.undo()
    assert train().state == "done"


def test_a_killed_training_is_found_and_marked(labelled: None) -> None:
    run = request_training(actor=CLEO)
    TrainingRun.objects.update(state="running", started_at=timezone.now())
    sweep()
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", BROKEN_OFF)
    assert train().state == "done"


def test_a_training_at_work_elsewhere_is_left_alone(labelled: None, elsewhere: Any) -> None:
    run = request_training(actor=CLEO)
    assert train_from_answers(run_id=run.pk) is None
    TrainingRun.objects.update(state="running", started_at=timezone.now())
    assert recover_trainings() == 0
    run.refresh_from_db()
    assert run.live


def test_a_training_is_marked_as_soon_as_its_process_has_lost_the_database(labelled: None, elsewhere: Any) -> None:
    run = request_training(actor=CLEO)
    TrainingRun.objects.update(state="running", started_at=timezone.now())
    assert recover_trainings() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [elsewhere.info.backend_pid])
    patience = monotonic() + 30
    while not recover_trainings() and monotonic() < patience:
        sleep(0.05)
    run.refresh_from_db()
    assert (run.state, run.error) == ("failed", BROKEN_OFF)


def test_a_redelivered_training_is_done_again_and_a_finished_one_is_not(labelled: None) -> None:
    run = request_training(actor=CLEO)
    TrainingRun.objects.update(state="running", started_at=timezone.now())
    version = train_task(run_id=run.pk)
    assert version == TrainingRun.objects.get(state="done").model_version
    assert train_task(run_id=run.pk) == ""


def test_a_training_that_the_queue_lost_is_handed_over_again(labelled: None) -> None:
    run = request_training(actor=CLEO)
    assert recover_trainings() == 0
    TrainingRun.objects.update(handed_over_at=timezone.now() - timedelta(minutes=3))
    assert recover_trainings() == 1
    run.refresh_from_db()
    assert run.handed_over_at > timezone.now() - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("training_run_live_until_over", {"state": "done", "model_version": "m"}),
        ("training_run_live_until_over", {"live": False}),
        ("training_run_done_has_model", {"state": "done", "live": False, "finished_at": timezone.now()}),
    ],
)
def test_a_training_run_makes_sense(constraint: str, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        TrainingRun.objects.create(asked_by=CLEO, **wrong)


def test_the_database_itself_allows_one_live_training() -> None:
    TrainingRun.objects.create(asked_by=CLEO)
    with pytest.raises(IntegrityError, match="training_run_one_live"), transaction.atomic():
        TrainingRun.objects.create(asked_by=CLEO)
