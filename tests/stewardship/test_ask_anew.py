"""After an act the queue is asked anew near it only, and is then the same as if all of it had been."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from party_hub.actions.retire_party import restore_party
from party_hub.domain.judgement import Judgement
from party_hub.models import AuditEntry, SourceRecord
from stewardship.actions.approve import do_or_propose
from stewardship.actions.ask_anew import ask_anew
from stewardship.actions.decide_task import actor, decide_task, undo_decision
from stewardship.actions.refresh_tasks import refresh_tasks
from stewardship.actions.undo import undo
from stewardship.models import ReviewTask, TaskState
from stewardship.proposal import a_merge, a_move, a_retirement, a_split
from tests.factories import SourceRecordFactory, a_person, a_suggestion, party_holding, party_of

pytestmark = pytest.mark.django_db
LEI = [{"scheme": "lei", "value": "5493001KJTIIGC8Y1R12", "country": "", "valid": True}]


class World:
    """Four parties of the name: two of two records, two of one; everybody may be everybody, and two have one LEI."""

    def __init__(self, ada: User) -> None:
        self.ada = ada
        names = ("Ann Smith", "Anne Smith", "A. Smith", "Anna Smith", "Annie Smith", "Ann B. Smith")
        self.records: list[SourceRecord] = [
            SourceRecordFactory(attributes=a_person(name, identifiers=LEI if place in (0, 4) else []))
            for place, name in enumerate(names)
        ]
        one, two, three, four, five, six = self.records
        for members in ((one, two), (three, four), (five,), (six,)):
            party_of(*members)
        for left, right in ((one, three), (two, four), (one, five), (three, five), (five, six), (two, six)):
            a_suggestion(left, right)
        refresh_tasks()

    def party(self, place: int) -> Any:
        return party_holding(self.records[place]).pk

    def task(self, one: int, other: int) -> ReviewTask:
        pair = sorted((self.party(one), self.party(other)))
        return ReviewTask.objects.get(party_a=pair[0], party_b=pair[1], state=TaskState.OPEN)

    def do(self, proposal: Any) -> None:
        assert do_or_propose(proposal=proposal, user=self.ada).act is not None

    def decide(self, judgement: Judgement) -> ReviewTask:
        return decide_task(task=self.task(0, 2), user=self.ada, judgement=judgement)


def undo_last(world: World) -> None:
    act = AuditEntry.objects.order_by("-pk").values_list("act", flat=True)[0]
    undo(act=act, user=world.ada)


def merge(world: World) -> None:
    world.do(a_merge((world.party(0), world.party(2)), "One."))


def split(world: World) -> None:
    world.do(a_split(world.party(0), [world.records[1].pk], "Two."))


def retire(world: World) -> None:
    world.do(a_retirement(world.party(4), "Nobody."))


def restore(world: World) -> None:
    party = world.party(4)
    retire(world)
    ask_anew(restore_party(party=party, actor=actor(world.ada)))


ACTS: dict[str, Callable[[World], object]] = {
    "match": lambda world: world.decide(Judgement.MATCH),
    "no match": lambda world: world.decide(Judgement.NO_MATCH),
    "unsure": lambda world: world.decide(Judgement.UNSURE),
    "undo of an answer": lambda world: undo_decision(task=world.decide(Judgement.MATCH), user=world.ada),
    "merge": merge,
    "undo of a merge": lambda world: (merge(world), undo_last(world)),
    "split": split,
    "undo of a split": lambda world: (split(world), undo_last(world)),
    "move": lambda world: world.do(a_move(world.party(0), [world.records[1].pk], world.party(5), "Hers.")),
    "retire": retire,
    "restore": restore,
}


@pytest.mark.parametrize("act", ACTS)
def test_the_queue_near_an_act_is_the_whole_queue(
    act: str, ada: User, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    world = World(ada)
    before = set(ReviewTask.objects.filter(state=TaskState.OPEN).values_list("party_a", "party_b", "kind"))
    with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks(execute=True):
        ACTS[act](world)
    asked = [query["sql"] for query in queries.captured_queries if "TEMP TABLE question" in query["sql"]]
    assert asked
    assert all("near_record" in statement for statement in asked)
    whole = refresh_tasks()
    assert (whole.opened, whole.changed, whole.dismissed) == (0, 0, 0)
    now = set(ReviewTask.objects.filter(state=TaskState.OPEN).values_list("party_a", "party_b", "kind"))
    assert (now == before) == (act.startswith(("undo", "unsure", "restore")))
