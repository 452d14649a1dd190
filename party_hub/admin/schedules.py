"""When what runs: django-celery-beat's schedules, in our style."""

from typing import Any

from django.contrib import admin
from django_celery_beat.admin import ClockedScheduleAdmin as BeatClockedAdmin
from django_celery_beat.admin import CrontabScheduleAdmin as BeatCrontabAdmin
from django_celery_beat.admin import PeriodicTaskAdmin as BeatTaskAdmin
from django_celery_beat.admin import PeriodicTaskForm, TaskSelectWidget
from django_celery_beat.models import ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from .base import HubAdmin

for model in (PeriodicTask, IntervalSchedule, CrontabSchedule, SolarSchedule, ClockedSchedule):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class TaskSelect(UnfoldAdminSelectWidget, TaskSelectWidget):
    """The tasks that there are."""


class ScheduledTaskForm(PeriodicTaskForm):
    """A schedule's form with our fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task"].widget = UnfoldAdminTextInputWidget()
        self.fields["regtask"].widget = TaskSelect()


@admin.register(PeriodicTask)
class PeriodicTaskAdmin(BeatTaskAdmin, HubAdmin):
    """What runs by itself. Beat's own templates carry inline scripts, which our policy does not let run."""

    form = ScheduledTaskForm
    change_form_template = None
    change_list_template = None


@admin.register(IntervalSchedule)
class IntervalScheduleAdmin(HubAdmin):
    """Every so often."""


@admin.register(CrontabSchedule)
class CrontabScheduleAdmin(BeatCrontabAdmin, HubAdmin):
    """At times like cron's."""


@admin.register(ClockedSchedule)
class ClockedScheduleAdmin(BeatClockedAdmin, HubAdmin):
    """Once, at a time."""
