"""Under /api/v1/."""

from django.urls import path

from . import acts, approvals, lineage, pins, views

app_name = "stewardship-api"
urlpatterns = [
    path("parties/merge/", acts.Merge.as_view(), name="merge-parties"),
    path("parties/<uuid:party>/split/", acts.Split.as_view(), name="split-party"),
    path("parties/<uuid:party>/move/", acts.Move.as_view(), name="move-records"),
    path("parties/<uuid:party>/retire/", acts.Retire.as_view(), name="retire-party"),
    path("parties/<uuid:party>/restore/", acts.Restore.as_view(), name="restore-party"),
    path("parties/<uuid:party>/lineage/graph/", lineage.Lineage.as_view(), name="party-lineage-graph"),
    path("parties/<uuid:party>/pins/", pins.Pins.as_view(), name="pins"),
    path("parties/<uuid:party>/pins/<int:number>/", pins.NumberedPin.as_view(), name="numbered-pin"),
    path("parties/<uuid:party>/pins/<str:attribute>/", pins.Pin.as_view(), name="pin"),
    path("approvals/", approvals.Approvals.as_view(), name="approvals"),
    path("approvals/<int:pk>/", approvals.Approval.as_view(), name="approval"),
    path("approvals/<int:pk>/approve/", approvals.Approve.as_view(), name="approve"),
    path("approvals/<int:pk>/reject/", approvals.Reject.as_view(), name="reject"),
    path("approvals/<int:pk>/withdraw/", approvals.Withdraw.as_view(), name="withdraw"),
    path("tasks/", views.Tasks.as_view(), name="tasks"),
    path("tasks/<int:pk>/", views.Task.as_view(), name="task"),
    path("tasks/<int:pk>/claim/", views.Claim.as_view(), name="claim"),
    path("tasks/<int:pk>/release/", views.Release.as_view(), name="release"),
    path("tasks/<int:pk>/decide/", views.Decide.as_view(), name="decide"),
    path("tasks/<int:pk>/undo/", views.Undo.as_view(), name="undo"),
    path("tasks/<int:pk>/comment/", views.Comment.as_view(), name="comment"),
]
