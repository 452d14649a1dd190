"""What stewards work on: review tasks with leases and comments."""

from .task import Comment, Lease, ReviewTask, TaskKind, TaskState

__all__ = ["Comment", "Lease", "ReviewTask", "TaskKind", "TaskState"]
