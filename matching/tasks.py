"""Celery's handles on matching: load ids, call one action, hand over."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from matching.actions.choose_questions import choose_questions
from matching.actions.preview_model import preview_model
from matching.actions.resolve_records import resolve_records
from matching.actions.run_match import run_match
from matching.actions.train_from_answers import train_from_answers
from matching.actions.training_runs import recover_trainings
from matching.runners import choose_runner, whole_components
from party_hub.chain import Step, hand_over
from party_hub.models import UnresolvedRecord

ACTOR = "system:match"
# More than this waiting is work for the batch.
SWEPT = 200
# What came in more lately is on its way.
PATIENCE = timedelta(seconds=30)


@shared_task(name="matching.match")
def match(full: bool = False, runner: str = "auto") -> int:
    """Match what waits, or everything; gives how many clusters changed."""
    name, chosen = choose_runner(runner)
    run = run_match(actor=ACTOR, full=full, runner=chosen, runner_name=name, divide=whole_components)
    if run.clusters_changed or run.suggested:
        hand_over(Step.REFRESH_TASKS)
    return run.clusters_changed


@shared_task(name="matching.resolve_records")
def resolve(records: Sequence[str]) -> int:
    """Resolve a few records in process; gives how many clusters changed."""
    resolution = resolve_records(records=[UUID(record) for record in records], actor=ACTOR)
    hand_over(Step.REFRESH_TASKS, records=list(records), parties=sorted(map(str, resolution.parties)))
    return resolution.clusters_changed


@shared_task(name="matching.preview_model")
def preview(version: str) -> int:
    """Work out what putting a model in force would change; gives how many parties would."""
    impact = preview_model(version=version)
    return impact.merged + impact.split


@shared_task(name="matching.choose_questions")
def choose(round_id: int) -> int:
    """Choose what stewards are asked in a round; gives how many questions it has."""
    return choose_questions(round_id=round_id)


@shared_task(name="matching.train_model")
def train(run_id: int) -> str:
    """Do a training that a lead has asked for; gives the version of the model that came of it, if one did."""
    run = train_from_answers(run_id=run_id)
    return run.model_version if run is not None else ""


@shared_task(name="matching.sweep")
def sweep() -> int:
    """Find what a lost hand-over left waiting and trainings that died, and see to them; gives how many records wait."""
    recover_trainings()
    overdue = UnresolvedRecord.objects.filter(since__lt=timezone.now() - PATIENCE)
    waiting = list(overdue.order_by("since").values_list("record_id", flat=True)[: SWEPT + 1])
    if len(waiting) > SWEPT:
        hand_over(Step.MATCH)
    elif waiting:
        hand_over(Step.RESOLVE_RECORDS, records=[str(record) for record in waiting])
    return len(waiting)
