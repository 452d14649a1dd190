"""Where every page and call is mounted. Composition only."""

from importlib.util import find_spec

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
]
for prefix, urls in (
    ("api/v1/", "ingestion.api.urls"),
    ("api/v1/", "matching.api.urls"),
    ("api/v1/", "stewardship.api.urls"),
    ("", "stewardship.urls"),
):
    if find_spec(urls.rpartition(".")[0]) and find_spec(urls):
        urlpatterns.append(path(prefix, include(urls)))
urlpatterns.append(re_path(r"^api/", contract.Unknown.as_view()))
