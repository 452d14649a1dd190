"""The steward's pages."""

from django.urls import path

from .views import (
    activity,
    approvals,
    dashboard,
    feeds,
    merge,
    parties,
    quarantine,
    queue,
    session,
    setup,
    split,
    task,
)

urlpatterns = [
    path("", dashboard.dashboard, name="dashboard"),
    path("sign-in/", session.SignInPage.as_view(), name="sign_in"),
    path("sign-out/", session.SignOut.as_view(), name="sign_out"),
    path("preferences/", session.preferences, name="preferences"),
    path("tasks/", queue.tasks, name="tasks"),
    path("tasks/next/", queue.following, name="task_next"),
    path("tasks/<int:pk>/", task.task, name="task"),
    path("tasks/<int:pk>/decide/", task.decide, name="task_decide"),
    path("tasks/<int:pk>/undo/", task.undo, name="task_undo"),
    path("tasks/<int:pk>/claim/", task.claim, name="task_claim"),
    path("tasks/<int:pk>/comment/", task.comment, name="task_comment"),
    path("parties/", parties.parties, name="parties"),
    path("parties/merge/", merge.merge, name="parties_merge"),
    path("parties/<uuid:pk>/", parties.party, name="party"),
    path("parties/<uuid:pk>/split/", split.split, name="party_split"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/", approvals.approval, name="approval"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/upload/", feeds.upload, name="feed_upload"),
    path("feeds/quarantine/", quarantine.quarantine, name="quarantine"),
    path("feeds/quarantine/rows.csv", quarantine.download, name="quarantine_csv"),
    path("feeds/quarantine/<int:pk>/", quarantine.row, name="quarantined_row"),
    path("feeds/<int:pk>/", feeds.run, name="feed_run"),
    path("quality/", setup.quality, name="quality"),
    path("matching/", setup.matching, name="matching"),
    path("rules/", setup.rules, name="rules"),
    path("activity/", activity.activity, name="activity"),
    path("acts/<uuid:act>/undo/", activity.undo_act, name="undo_act"),
]
