"""What stewards work on: review tasks with leases and comments, proposals that wait for a second pair of eyes, and what
orders their work.
"""

from .approval import ActKind, Approval, ApprovalLevel, ApprovalState, Measure
from .reference import AssignmentRule, ReasonCode, SavedView
from .task import NOTED, Comment, Lease, Mention, PinAnswer, ReviewTask, TaskKind, TaskState

__all__ = [
    "NOTED",
    "ActKind",
    "Approval",
    "ApprovalLevel",
    "ApprovalState",
    "AssignmentRule",
    "Comment",
    "Lease",
    "Measure",
    "Mention",
    "PinAnswer",
    "ReasonCode",
    "ReviewTask",
    "SavedView",
    "TaskKind",
    "TaskState",
]
