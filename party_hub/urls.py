"""Where every page and call is mounted. Composition only."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

urlpatterns = [path("admin/", admin.site.urls)]
for prefix, urls in (("api/", "party_hub.api.urls"), ("api/v1/", "matching.api.urls"), ("", "stewardship.urls")):
    if find_spec(urls.rpartition(".")[0]) and find_spec(urls):
        urlpatterns.append(path(prefix, include(urls)))
