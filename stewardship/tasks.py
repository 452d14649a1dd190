"""Celery tasks: load nothing but ids, call one action."""

from uuid import UUID

from celery import shared_task

from party_hub.chain import Step

from .actions.refresh_tasks import refresh_tasks as refresh


@shared_task(name=str(Step.REFRESH_TASKS))
def refresh_tasks(records: list[str] | None = None, **_: object) -> dict[str, int]:
    """Bring the review queue in step with what is known now; with `records` only what is about their parties."""
    return refresh(records=[UUID(record) for record in records or ()]).as_dict()
