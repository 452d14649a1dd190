"""Everything under /api/."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from . import openapi as openapi  # registers what OpenAPI needs to know
from .views import changes, contract, ids, parties, reference

app_name = "api"
urlpatterns = [
    path("v1/parties/", parties.Parties.as_view(), name="parties"),
    path("v1/parties/<uuid:party>/", parties.Party.as_view(), name="party"),
    path("v1/parties/<uuid:party>/sources/", parties.Sources.as_view(), name="party-sources"),
    path("v1/parties/<uuid:party>/lineage/", parties.Lineage.as_view(), name="party-lineage"),
    path("v1/parties/<uuid:party>/history/", parties.History.as_view(), name="party-history"),
    path("v1/parties/<uuid:party>/events/", parties.Events.as_view(), name="party-events"),
    path("v1/parties/<uuid:party>/relationships/", parties.Relationships.as_view(), name="party-relationships"),
    path("v1/parties/<uuid:party>/hierarchy/", parties.Hierarchy.as_view(), name="party-hierarchy"),
    path("v1/xref/<str:source>/<path:key>/", ids.Xref.as_view(), name="xref"),
    path("v1/ids/resolve/", ids.ResolveIds.as_view(), name="resolve-ids"),
    path("v1/changes/", changes.Changes.as_view(), name="changes"),
    path("v1/reference/<str:set>/", reference.Reference.as_view(), name="reference"),
    path("schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("docs/", contract.documentation, name="api-docs"),
    path("events/", contract.asyncapi_document, name="asyncapi"),
    path("events/schemas/<str:name>.json", contract.event_schema, name="event-schema"),
]
