"""Where every page and call is mounted. Composition only."""

from django.contrib import admin
from django.urls import include, path, re_path

from party_hub.api.views import contract, operate

handler500 = "party_hub.api.errors.handler500"

urlpatterns = [
    path("healthz", operate.healthz, name="healthz"),
    path("readyz", operate.readyz, name="readyz"),
    path("metrics", operate.metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/", include("party_hub.api.urls")),
    path("api/v1/", include("matching.api.urls")),
    path("api/v1/", include("ingestion.api.urls")),
    path("api/v1/", include("stewardship.api.urls")),
    re_path(r"^api/", contract.Unknown.as_view()),
    path("", include("stewardship.urls")),
]
