"""Celery tasks: load nothing but ids, call one action."""

from celery import shared_task

from party_hub.chain import Step

from .actions.refresh_tasks import refresh_tasks as refresh


@shared_task(name=str(Step.REFRESH_TASKS))
def refresh_tasks(**_: object) -> dict[str, int]:
    """Bring the review queue in step with what is known now."""
    return refresh().as_dict()
