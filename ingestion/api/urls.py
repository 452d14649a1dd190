"""Under /api/v1/."""

from django.urls import path

from . import views

urlpatterns = [path("feeds/notifications/", views.Notifications.as_view(), name="feed-notifications")]
