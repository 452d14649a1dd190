"""Integrity sits in the database: each constraint broken once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from party_hub.models import Pin
from stewardship.models import AssignmentRule, Comment, Lease, Mention, ReasonCode, ReviewTask, SavedView
from tests.people import person

pytestmark = pytest.mark.django_db
Break = Callable[[ReviewTask], Any]


def again(task: ReviewTask, **other: Any) -> ReviewTask:
    fields = {"party_a": task.party_a, "party_b": task.party_b, "left": task.left, "right": task.right}
    return ReviewTask.objects.create(**fields | other)


def a_pin(task: ReviewTask) -> Pin:
    return Pin.objects.create(party=task.party_a, attribute="country", value="GB", reason="x", author="user:ada")


def about_a_pin(pin: Pin) -> ReviewTask:
    return ReviewTask.objects.create(kind="pin", party_a=pin.party, pin=pin)


BROKEN: dict[str, Break] = {
    "task_one_open_per_pair": lambda task: again(task),
    "task_a_before_b": lambda task: again(task, kind="conflict", party_a=task.party_b, party_b=task.party_a),
    "task_known_kind": lambda task: again(task, kind="whim"),
    "task_of_a_pair_a_pin_or_news": lambda task: again(task, kind="pin"),
    "task_one_open_per_pin": lambda task: [about_a_pin(pin) for pin in 2 * [a_pin(task)]],
    "task_known_state": lambda task: again(task, state="lost"),
    "task_done_by_somebody": lambda task: again(task, state="done"),
    "task_second_reader_is_another": lambda task: again(
        task, state="dismissed", decided_by=person("ada"), first_reader=person("ada")
    ),
    "comment_says_something": lambda task: Comment.objects.create(task=task, author=person("ada"), text=""),
    "mention_once_a_comment": lambda task: [
        Mention.objects.create(comment=comment, user=person("cleo"))
        for comment in 2 * [Comment.objects.create(task=task, author=person("ada"), text="@cleo look")]
    ],
    "reason_code_known_judgement": lambda task: ReasonCode.objects.create(code="x", label="X", judgement="whim"),
    "assignment_rule_gives_time": lambda task: AssignmentRule.objects.create(position=99, name="x", due_hours=0),
    "saved_view_has_name": lambda task: SavedView.objects.create(name="", owner=person("ada"), filters={}),
    "saved_view_once_a_name": lambda task: [
        SavedView.objects.create(name="mine", owner=person("ada"), filters={}) for _ in range(2)
    ],
    "stewardship_lease_pkey": lambda task: [
        Lease.objects.create(task=task, holder=person(name), expires_at=timezone.now()) for name in ("ada", "cleo")
    ],
}


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses(name: str, question: ReviewTask) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        BROKEN[name](question)


def test_a_dismissed_task_stands_in_nobodys_way(question: ReviewTask) -> None:
    question.state = "dismissed"
    question.save()
    again(question)
