"""Times as a reader sees them: how long ago, how old, by when; the exact one on hover."""

from datetime import datetime

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.timesince import timesince, timeuntil

from .markup import markup
from .wording import gettext


def ago(moment: datetime | None) -> SafeString | str:
    """How long ago, with the exact time on hover."""
    if moment is None:
        return gettext("never")
    seconds = (timezone.now() - moment).total_seconds()
    passed = timesince(moment, depth=1)
    words = gettext("just now") if seconds < 60 else gettext("%(time)s ago") % {"time": passed}
    exact = timezone.localtime(moment)
    return markup(
        '<time datetime="{}" title="{}">{}</time>', exact.isoformat(), exact.strftime("%Y-%m-%d %H:%M:%S %Z"), words
    )


def age(moment: datetime) -> SafeString:
    """How old, as short as can be: 3 d, 5 mo, 2 y; the day on hover."""
    days = max((timezone.now() - moment).days, 0)
    number, unit = (
        (days, gettext("d"))
        if days < 60
        else (days // 30, gettext("mo"))
        if days < 730
        else (days // 365, gettext("y"))
    )
    since = gettext("since %(day)s") % {"day": timezone.localtime(moment).strftime("%Y-%m-%d")}
    return markup('<span title="{}">{} {}</span>', since, number, unit)


def due(moment: datetime) -> SafeString:
    """By when; marked where that has passed."""
    left = moment - timezone.now()
    exact = timezone.localtime(moment).strftime("%Y-%m-%d %H:%M %Z")
    if left.total_seconds() < 0:
        words = gettext("overdue by %(time)s") % {"time": timesince(moment, depth=1)}
        return markup('<strong class="overdue" title="{}">{}</strong>', exact, words)
    words = gettext("due in %(time)s") % {"time": timeuntil(moment, depth=1)}
    return markup('<span title="{}">{}</span>', exact, words)


def future(moment: datetime | None) -> bool:
    """Whether it is yet to come."""
    return moment is not None and moment > timezone.now()
