"""What stewards work on: review tasks with leases and comments, and proposals that wait for a second pair of eyes."""

from .approval import ActKind, Approval, ApprovalLevel, ApprovalState, Measure
from .task import Comment, Lease, ReviewTask, TaskKind, TaskState

__all__ = [
    "ActKind",
    "Approval",
    "ApprovalLevel",
    "ApprovalState",
    "Comment",
    "Lease",
    "Measure",
    "ReviewTask",
    "TaskKind",
    "TaskState",
]
