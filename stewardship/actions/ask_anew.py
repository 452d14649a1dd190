"""After an act: the questions about what it touched are asked anew, the whole queue need not be."""

from django.db.models import Q

from party_hub.actions.decide import Act
from party_hub.chain import Step, hand_over
from stewardship.models import ReviewTask, TaskState


def ask_anew(act: Act, task: ReviewTask | None = None) -> None:
    """Dismiss the questions about parties that have just become part of others, at once, and hand the rest over: the
    queue is brought in step around the act's parties and records, and those of the `task` that it answers.
    """
    if retired := set(act.resolution.merged):
        gone = Q(party_a__in=retired) | Q(party_b__in=retired)
        ReviewTask.objects.filter(gone, state=TaskState.OPEN).update(state=TaskState.DISMISSED)
    records, parties = set(act.records), act.resolution.parties
    if task is not None:
        records |= {record for record in (task.left_id, task.right_id) if record}
        parties = parties | {task.party_a_id}
    hand_over(Step.REFRESH_TASKS, records=sorted(map(str, records)), parties=sorted(map(str, parties)))
