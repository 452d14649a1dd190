"""What an act will do, in a sentence that a steward can check before and after."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from party_hub.actions.preview import GoldenPreview, Preview
from stewardship.models import ActKind
from stewardship.proposal import Proposal, statement_of

from .impact import changed_attributes, in_sentence, listed
from .values import attribute_label, distinct

Golden = Mapping[UUID, tuple[str, Mapping[str, Any]]]  # name and values of each party as it is


def sentence_of(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    """Which ids stay and which retire, which golden values change, who is told, and whether there is a way back."""
    say = {
        ActKind.MERGE: _merge, ActKind.SPLIT: _split, ActKind.MOVE: _move, ActKind.RETIRE: _retire, ActKind.PIN: _pin
    }[proposal.kind]  # fmt: skip
    events = listed([event.removeprefix("party.") for event in distinct(outcome.events)])
    told = _("Consumers are told: %(events)s. You can take it back.") % {"events": events}
    return f"{say(proposal, outcome, golden)} {told}"


def name_of(part: GoldenPreview) -> str:
    """What the party would be called."""
    names = part.values.get("names") or [{}]
    return str(names[0].get("full", "")) or _("a party without a name")


def _merge(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    (part,) = outcome.golden
    assert part.party is not None  # a merge keeps one of the ids
    kept, values = golden[part.party]
    changed = listed([in_sentence(label) for label in changed_attributes(values, part.values)])
    said = [
        ngettext(
            "%(kept)s (%(id)s) keeps its id; the other id is retired and leads there for ever.",
            "%(kept)s (%(id)s) keeps its id; the other %(number)d ids are retired and lead there for ever.",
            len(outcome.retired),
        )
        % {"kept": kept, "id": str(part.party)[:8], "number": len(outcome.retired)},
        ngettext("%(number)d older id leads there too.", "%(number)d older ids lead there too.", outcome.redirects)
        % {"number": outcome.redirects}
        if outcome.redirects
        else "",
        _("Of its golden values, %(changed)s change.") % {"changed": changed}
        if changed
        else _("None of its golden values changes."),
    ]
    return " ".join(filter(None, said))


def _split(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    stay, leave = outcome.golden
    everything = len(leave.records) + len(stay.records)
    said = [
        _("%(number)d of %(everything)d records leave.") % {"number": len(leave.records), "everything": everything},
        _("What stays keeps the id; the other part gets a new one.")
        if stay.party
        else _("What leaves keeps the id; the other part gets a new one."),
        _("The two are kept apart until %(day)s.") % {"day": f"{proposal.ends:%Y-%m-%d}"}
        if proposal.ends
        else _("The two are kept apart from now on."),
    ]
    return " ".join(said)


def _move(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    before, receiver = (golden[party][0] for party in proposal.parties)
    return ngettext(
        "Moves %(number)d record from %(before)s to %(receiver)s; from now on it belongs there and not here.",
        "Moves %(number)d records from %(before)s to %(receiver)s; from now on they belong there and not here.",
        len(proposal.records),
    ) % {"number": len(proposal.records), "before": before, "receiver": receiver}


def _pin(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    ((name, _values),) = golden.values()
    statement = statement_of(proposal)
    said = {
        "attribute": attribute_label(proposal.arguments["attribute"]),
        "name": name,
        "whom": (statement.source or _("one of its records")) if statement else "",
    }
    if statement:
        text = _("%(attribute)s of %(name)s: what %(whom)s says is no longer heard, whatever is loaded.") % said
    else:
        text = _("%(attribute)s of %(name)s is set by hand, whatever its sources say.") % said
    until = _("It ends on %(day)s.") % {"day": f"{proposal.ends:%Y-%m-%d}"} if proposal.ends else ""
    return f"{text} {until}".strip()


def _retire(proposal: Proposal, outcome: Preview, golden: Golden) -> str:
    ((name, _values),) = golden.values()
    return _(
        "%(name)s is withdrawn and is found no more; its id and last golden record stay. What its sources go on saying "
        "does not bring it back, a steward does."
    ) % {"name": name}
