"""How parties and what belongs to them look in JSON; OpenAPI is made from these.

A field called `source`, `label` or `parent` hides an attribute of DRF's own class only in the eyes of mypy: fields are
taken out of the class when it is made.
"""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from party_hub.domain.relations import Standing
from party_hub.queries import Lead


@extend_schema_field(OpenApiTypes.ANY)
class AnyValue(serializers.JSONField):
    """A canonical attribute's value: text, number, object or a list of these."""


@extend_schema_field(OpenApiTypes.OBJECT)
class Attributes(serializers.JSONField):
    """Canonical attributes by name."""


class XrefKey(serializers.Serializer[Any]):
    """A source and its key."""

    source = serializers.CharField()  # type: ignore[assignment]
    key = serializers.CharField()


class PartySummary(serializers.Serializer[Any]):
    """A party in a list."""

    id = serializers.UUIDField()
    party_type = serializers.CharField()
    status = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    country = serializers.CharField()
    quality = serializers.IntegerField()
    source_count = serializers.IntegerField()
    record_count = serializers.IntegerField()
    updated_at = serializers.DateTimeField()
    likeness = serializers.FloatField(allow_null=True, help_text="Of the name to `q`, 0–1.")


class Party(serializers.Serializer[Any]):
    """A party with its golden record. `masked` names attributes from which personal values were left out."""

    id = serializers.UUIDField()
    party_type = serializers.CharField()
    status = serializers.CharField()
    version = serializers.IntegerField()
    name = serializers.CharField()
    country = serializers.CharField()
    quality = serializers.IntegerField()
    source_count = serializers.IntegerField()
    record_count = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    values = Attributes()
    masked = serializers.ListField(child=serializers.CharField())
    xrefs = XrefKey(many=True)


class SourceRecord(serializers.Serializer[Any]):
    """A source record of a party."""

    record = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]
    source_name = serializers.CharField()
    trust = serializers.IntegerField()
    key = serializers.CharField()
    party_type = serializers.CharField()
    attributes = Attributes()
    masked = serializers.ListField(child=serializers.CharField())
    version = serializers.IntegerField()
    effective_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    raw_location = serializers.CharField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)


class LineageValue(serializers.Serializer[Any]):
    """One value that sources gave."""

    value = AnyValue()
    won = serializers.BooleanField()
    records = serializers.ListField(child=Attributes())
    pin = serializers.IntegerField(allow_null=True, help_text="The pin that set it.")
    forbidden = serializers.IntegerField(allow_null=True, help_text="The pin for which it is not heard.")


class AttributeLineage(serializers.Serializer[Any]):
    """How an attribute came by its golden value: the winner first, then every losing value."""

    attribute = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    rule = serializers.CharField()
    reason = serializers.CharField()
    golden = AnyValue()
    values = LineageValue(many=True)


class AttributeChange(serializers.Serializer[Any]):
    """A golden value before and after."""

    attribute = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    before = AnyValue()
    after = AnyValue()


class Moment(serializers.Serializer[Any]):
    """One thing that happened to a party."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    title = serializers.CharField()
    actor = serializers.CharField()
    reason = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    act = serializers.UUIDField(allow_null=True)
    party = serializers.UUIDField(allow_null=True)
    record = serializers.UUIDField(allow_null=True)
    changes = AttributeChange(many=True)


class Related(serializers.Serializer[Any]):
    """One relationship of a party. `direction` is "to" where its own records say it, "from" where the other's do."""

    direction = serializers.ChoiceField(choices=["to", "from"])
    type = serializers.CharField()
    label = serializers.CharField(help_text="What the other is to the party.")  # type: ignore[assignment]
    other = serializers.UUIDField(allow_null=True, help_text="null where nobody known has the identifier.")
    other_name = serializers.CharField()
    other_type = serializers.CharField()
    scheme = serializers.CharField()
    value = serializers.CharField()
    exception = serializers.CharField(help_text="Why there is none, as the source codes it.")
    reference = serializers.CharField()
    standing = serializers.ChoiceField(choices=[standing.value for standing in Standing])
    holders = serializers.IntegerField(help_text="How many parties have the identifier.")
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True)
    share = serializers.DecimalField(9, 6, allow_null=True, normalize_output=True, help_text="Per cent.")
    ended = serializers.BooleanField()
    leads = serializers.BooleanField(help_text="Won over others that exclude it.")
    source = serializers.CharField()  # type: ignore[assignment]
    key = serializers.CharField()


class GroupMember(serializers.Serializer[Any]):
    """A party in a tree, below its parent."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    party_type = serializers.CharField()
    country = serializers.CharField()
    parent = serializers.UUIDField(allow_null=True)  # type: ignore[assignment]
    type = serializers.CharField(help_text="The relationship by which it hangs on its parent.")
    label = serializers.CharField()  # type: ignore[assignment]
    share = serializers.DecimalField(9, 6, allow_null=True, normalize_output=True, help_text="Per cent.")
    depth = serializers.IntegerField()
    descendants = serializers.IntegerField()
    hidden = serializers.IntegerField(help_text="Parties directly below that are left out.")


class Tree(serializers.Serializer[Any]):
    """A party's group, each party after the one above it."""

    total = serializers.IntegerField()
    cycle = serializers.ListField(
        child=serializers.UUIDField(), help_text="Parties that stand above each other in a circle."
    )
    results = GroupMember(many=True, source="members")


class Xref(serializers.Serializer[Any]):
    """A source's key and its party; null while the record waits to be matched."""

    source = serializers.CharField()  # type: ignore[assignment]
    key = serializers.CharField()
    record = serializers.UUIDField()
    party = serializers.UUIDField(allow_null=True)


class Candidate(serializers.Serializer[Any]):
    """A party that an id leads to."""

    id = serializers.UUIDField()
    party_type = serializers.CharField()
    status = serializers.CharField()
    name = serializers.CharField()


class Elsewhere(serializers.Serializer[Any]):
    """Where a retired id leads."""

    id = serializers.UUIDField()
    lead = serializers.ChoiceField(choices=[lead.value for lead in Lead])
    survivor_id = serializers.UUIDField(allow_null=True)
    candidates = Candidate(many=True)


class ToResolve(serializers.Serializer[Any]):
    """Ids, old or new, and xrefs: up to 1,000 together."""

    ids = serializers.ListField(child=serializers.UUIDField(), required=False, default=list)
    xrefs = XrefKey(many=True, required=False, default=list)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Not none, not too many."""
        if not 1 <= len(attrs["ids"]) + len(attrs["xrefs"]) <= 1_000:
            raise serializers.ValidationError("Give 1 to 1,000 ids and xrefs.")
        return attrs


class ResolvedXref(Xref):
    """What an xref leads to; `lead` is `unknown` for a key that the hub has never seen."""

    record = serializers.UUIDField(allow_null=True)
    lead = serializers.ChoiceField(choices=[Lead.HERE.value, "unresolved", Lead.UNKNOWN.value])


class Resolved(serializers.Serializer[Any]):
    """The answers, in the order of the questions."""

    ids = Elsewhere(many=True)
    xrefs = ResolvedXref(many=True)


@extend_schema_field(OpenApiTypes.OBJECT)
class CloudEvent(serializers.JSONField):
    """An event as on Kafka: see the AsyncAPI document at /api/events/."""


class EventPage(serializers.Serializer[Any]):
    """A page of events."""

    next = serializers.URLField(allow_null=True)
    results = serializers.ListField(child=CloudEvent())


class Changes(serializers.Serializer[Any]):
    """Events, oldest first. Keep `cursor` and ask again with `?after=`; `more` says that some wait already."""

    events = serializers.ListField(child=CloudEvent())
    cursor = serializers.CharField()
    more = serializers.BooleanField()
