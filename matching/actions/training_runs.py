"""Trainings asked for, cancelled, and found dead. The training itself is a worker's: `train_from_answers`."""

from datetime import timedelta
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone

from matching.answers import known_answers
from matching.models import TrainingRun
from matching.training_lock import Busy, alone
from party_hub.actions.audit import audit
from party_hub.actions.errors import Conflict, NotFound
from party_hub.chain import Step, hand_over

FEWEST = 10  # answers to learn from
BROKEN_OFF = "The process that trained has ended before it was done. Start it again; nothing was changed."
_FORGOTTEN = timedelta(minutes=2)  # a training that no worker has begun by then is handed over once more
_STATE = TrainingRun.State


def request_training(*, actor: str) -> TrainingRun:
    """Ask for a training by what people have answered. Raises Conflict where one is live or answers are too few."""
    learn = sum(not one.held_back for one in known_answers())
    if learn < FEWEST:
        raise Conflict(f"There are {learn} answers to learn from; it takes at least {FEWEST}. Label more pairs first.")
    try:
        with transaction.atomic():
            run = TrainingRun.objects.create(asked_by=actor)
            audit(act=uuid4(), actor=actor, verb="train", subject_type="training_run", subject_id=run.pk)
    except IntegrityError:
        raise Conflict("A training is at work already. Wait until it is done, or cancel it.") from None
    hand_over(Step.TRAIN_MODEL, run_id=run.pk)
    return run


@transaction.atomic
def cancel_training(*, run_id: int, actor: str) -> TrainingRun:
    """Stop a training: at once while it waits, at its next step while it works. Raises NotFound, and Conflict where it
    is over."""
    run = TrainingRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound("There is no such training.")
    if not run.live:
        raise Conflict("This training is over.")
    run.cancelled_by = actor
    run.save(update_fields=["cancelled_by"])
    if run.state == _STATE.QUEUED:
        close_training(run, _STATE.CANCELLED)
    audit(act=uuid4(), actor=actor, verb="cancel", subject_type="training_run", subject_id=run.pk)
    return run


def close_training(run: TrainingRun, state: str, **more: object) -> None:
    """Write the end of a live run; of one that is over already nothing changes."""
    told = {"state": state, "live": False, "finished_at": Now(), **more}
    TrainingRun.objects.filter(pk=run.pk, live=True).update(**told)
    run.refresh_from_db()


def recover_trainings() -> int:
    """See to live trainings that nobody works at: marked as failed where the worker died, handed over again where the
    queue lost them. Gives how many."""
    found = 0
    for run in TrainingRun.objects.filter(live=True):
        if run.state == _STATE.RUNNING:
            found += _mark_dead(run)
        elif run.handed_over_at < timezone.now() - _FORGOTTEN:
            TrainingRun.objects.filter(pk=run.pk).update(handed_over_at=Now())
            hand_over(Step.TRAIN_MODEL, run_id=run.pk)
            found += 1
    return found


def _mark_dead(run: TrainingRun) -> bool:
    try:
        with alone():
            run.refresh_from_db()
            if run.state != _STATE.RUNNING:
                return False
            cancelled = bool(run.cancelled_by)
            close_training(run, *((_STATE.CANCELLED,) if cancelled else (_STATE.FAILED,)), error=BROKEN_OFF)
            return True
    except Busy:
        return False
