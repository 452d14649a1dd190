"""Notes on tasks, and who is named in them."""

import re

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from stewardship.models import Comment, Mention, ReviewTask

NAMED = re.compile(r"(?<![\w@])@([\w.+-]*\w)")


@transaction.atomic
def comment_task(*, task: ReviewTask, user: User, text: str) -> Comment:
    """Add a note. Whoever it names with @ finds it among the mentions; unknown names are left as they are."""
    comment = Comment.objects.create(task=task, author=user, text=text.strip())
    named = User.objects.filter(username__in=set(NAMED.findall(comment.text)), is_active=True).exclude(pk=user.pk)
    Mention.objects.bulk_create([Mention(comment=comment, user=one) for one in named])
    return comment


def see_mentions(*, task: ReviewTask, user: User) -> None:
    """The user has opened the task that names them."""
    Mention.objects.filter(comment__task=task, user=user, seen_at__isnull=True).update(seen_at=timezone.now())
