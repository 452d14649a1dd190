"""Under /api/v1/."""

from django.urls import path

from . import views

urlpatterns = [
    path("match/", views.Match.as_view(), name="match"),
    path("match/explain/", views.Explain.as_view(), name="match-explain"),
    path("match/how/<uuid:party>/", views.How.as_view(), name="match-how"),
    path("labels/", views.Labels.as_view(), name="labels-api"),
    path("records/", views.Records.as_view(), name="records"),
    path("records/<str:source>/<path:key>/", views.Record.as_view(), name="record"),
]
