"""The way work takes through the house, and the one function that moves it on.

A package hands work forward by the name of a task, never by importing the package that does it. The work is also
written down where it waits (`UnresolvedRecord`), so a hand-over that gets lost is found by the next sweep.
"""

import logging
from enum import StrEnum
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


class Step(StrEnum):
    """Celery task names, in the order in which work passes them."""

    LOAD_FEED = "ingestion.load_feed"
    REPLAY_REJECTS = "ingestion.replay_rejects"
    REPLAY_DEAD_LETTERS = "ingestion.replay_dead_letters"
    MATCH = "matching.match"
    RESOLVE_RECORDS = "matching.resolve_records"
    PREVIEW_MODEL = "matching.preview_model"
    CHOOSE_QUESTIONS = "matching.choose_questions"
    TRAIN_MODEL = "matching.train_model"
    REFRESH_TASKS = "stewardship.refresh_tasks"
    PUBLISH_SNAPSHOT = "party_hub.publish_snapshot"
    REBUILD = "party_hub.rebuild"


def hand_over(step: Step, **kwargs: Any) -> None:
    """Start the step's task with `kwargs` once the transaction at hand has committed (at once where there is none)."""
    transaction.on_commit(lambda: _send(str(step), kwargs))


def _send(task: str, kwargs: dict[str, Any]) -> None:
    """By name, so that the sender need not load the task. Without a queue the work waits where it is written down."""
    if current_app.conf.task_always_eager:
        current_app.loader.import_default_modules()
        current_app.tasks[task].delay(**kwargs)
        return
    try:
        current_app.send_task(task, kwargs=kwargs)
    except OperationalError as error:
        log.warning("handed nothing to %s: %s; the next sweep will find the work", task, error)
