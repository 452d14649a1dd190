"""What the page about a pin shows: what it does, what the sources said beneath it, and what they say now."""

from dataclasses import dataclass
from datetime import datetime

from party_hub.domain.attributes import Kind, kind_of
from party_hub.domain.lineage import beneath, unfold
from party_hub.models import Pin
from stewardship.models import ReviewTask
from stewardship.presentation.values import Shown, attribute_label, show, shown_lineage


@dataclass(frozen=True)
class PinReview:
    """A pin to look at again. `was` and `now` are what lies beneath it; `was` is None where nobody noted it; `said` is
    everything that the sources say.
    """

    pin: Pin
    label: str
    holds: Shown | None
    was: list[Shown] | None
    now: list[Shown]
    said: list[Shown]

    @property
    def changed(self) -> bool:
        """Whether the sources say something else than when it was set."""
        return self.was is not None and self.was != self.now

    @property
    def ends(self) -> datetime | None:
        """Its day."""
        return self.pin.expires_at


def pin_review(task: ReviewTask, *, personal: bool) -> PinReview | None:
    """What the task's page shows; None where the party has meanwhile gone into another. Two queries."""
    pin, golden = task.pin, getattr(task.party_a, "golden", None)
    if pin is None or golden is None:
        return None
    personal = personal or kind_of(task.party_a.party_type) is Kind.ORGANISATION
    told = unfold(golden.lineage, golden.values).get(pin.attribute, {})

    def shown(values: list[object]) -> list[Shown]:
        return [show(pin.attribute, value, personal=personal) for value in values]

    return PinReview(
        pin=pin,
        label=attribute_label(pin.attribute),
        holds=show(pin.attribute, pin.value, personal=personal) if pin.value is not None else None,
        was=None if pin.beneath is None else shown(pin.beneath),
        now=shown(beneath(golden.lineage, pin.attribute, pin.pk, forbids=pin.forbids)),
        said=shown_lineage(pin.attribute, told, personal=personal),
    )
