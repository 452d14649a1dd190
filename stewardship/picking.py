"""Looking for a party for a purpose: to merge with those chosen before, or to move records to."""

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .party_forms import uuids_in


@dataclass(frozen=True)
class Picking:
    """What the party looked for is wanted for; nothing: just to look at it."""

    merging: tuple[UUID, ...] = ()
    moving_from: UUID | None = None
    records: tuple[UUID, ...] = ()

    @property
    def title(self) -> str:
        """The heading of the search."""
        if self.merging:
            return _("Merge with which party?")
        if self.moving_from:
            number = len(self.records)
            asked = ngettext(
                "Move %(number)s record to which party?", "Move %(number)s records to which party?", number
            )
            return asked % {"number": number}
        return _("Parties")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What the search form hands on, as fields."""
        fields = [("merge_with", str(party)) for party in self.merging]
        if self.moving_from:
            fields += [("move_from", str(self.moving_from)), *(("records", str(record)) for record in self.records)]
        return fields

    def address(self, party: UUID) -> str:
        """Where choosing this party leads."""
        if self.merging:
            query = [("party", str(one)) for one in (*self.merging, party)]
            return f"{reverse('parties_merge')}?{urlencode(query)}"
        if self.moving_from:
            query = [*(("records", str(record)) for record in self.records), ("to", str(party))]
            return f"{reverse('party_split', args=[self.moving_from])}?{urlencode(query)}"
        return reverse("party", args=[party])


def picking_of(query: QueryDict) -> Picking:
    """The purpose that an address names."""
    moving = next(iter(uuids_in(query, "move_from")), None)
    return Picking(uuids_in(query, "merge_with"), moving, uuids_in(query, "records") if moving else ())
