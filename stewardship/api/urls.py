"""Under /api/v1/."""

from django.urls import path

from . import views

app_name = "stewardship-api"
urlpatterns = [
    path("tasks/", views.Tasks.as_view(), name="tasks"),
    path("tasks/<int:pk>/", views.Task.as_view(), name="task"),
    path("tasks/<int:pk>/claim/", views.Claim.as_view(), name="claim"),
    path("tasks/<int:pk>/release/", views.Release.as_view(), name="release"),
    path("tasks/<int:pk>/decide/", views.Decide.as_view(), name="decide"),
    path("tasks/<int:pk>/undo/", views.Undo.as_view(), name="undo"),
    path("tasks/<int:pk>/comment/", views.Comment.as_view(), name="comment"),
]
