"""Notes on tasks."""

from django.contrib.auth.models import User
from django.db import transaction

from stewardship.models import Comment, ReviewTask


@transaction.atomic
def comment_task(*, task: ReviewTask, user: User, text: str) -> Comment:
    """Add a note."""
    return Comment.objects.create(task=task, author=user, text=text.strip())
