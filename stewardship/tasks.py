"""Celery tasks: load nothing but ids, call one action."""

from celery import shared_task

from party_hub.chain import Step

from .actions.refresh_pin_tasks import review_pins as ask_about_pins
from .actions.refresh_tasks import refresh_tasks as refresh


@shared_task(name=str(Step.REFRESH_TASKS))
def refresh_tasks(records: list[str] | None = None, parties: list[str] | None = None, **_: object) -> dict[str, int]:
    """Bring the review queue in step with what is known now; with `records` or `parties` only what is about them."""
    return refresh(records=records or (), parties=parties or ()).as_dict()


@shared_task(name="stewardship.review_pins")
def review_pins() -> int:
    """Ask about pins whose end is near or beneath which the sources have changed; gives how many were asked anew."""
    return ask_about_pins().opened
