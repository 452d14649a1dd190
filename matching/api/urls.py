"""Under /api/v1/."""

from django.urls import path

from . import views

urlpatterns = [
    path("match/", views.Match.as_view(), name="match"),
    path("records/", views.Records.as_view(), name="records"),
    path("records/<str:source>/<path:key>/", views.Record.as_view(), name="record"),
]
