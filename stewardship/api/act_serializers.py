"""What acts on parties take and give: merge, split, move, pin; and proposals that wait."""

from typing import Any

from rest_framework import serializers

from party_hub.api.serializers import AnyValue, AttributeChange, Attributes
from party_hub.domain.attributes import BY_NAME
from stewardship.models import ActKind, ApprovalState


class Merge(serializers.Serializer[Any]):
    """Which parties become one. If-Match holds the ETag of each, in this order."""

    parties = serializers.ListField(child=serializers.UUIDField(), min_length=2, max_length=50)
    reason = serializers.CharField(max_length=2_000)


class Split(serializers.Serializer[Any]):
    """Which records leave the party."""

    records = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=10_000)
    reason = serializers.CharField(max_length=2_000)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class Move(Split):
    """Which records move to which party. If-Match holds the ETags of the party that they leave and of `to`."""

    to = serializers.UUIDField()


class Reason(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=2_000)


class Forbid(serializers.Serializer[Any]):
    """Whom not to hear on the attribute: a source or one record of the party; with `value`, only where it says that."""

    source = serializers.CharField(required=False)  # type: ignore[assignment]
    record = serializers.UUIDField(required=False)
    value = AnyValue(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if ("source" in attrs) == ("record" in attrs):
            raise serializers.ValidationError("Name either a source or a record.")
        return attrs


class NewPin(serializers.Serializer[Any]):
    """Which value is the golden one from now on (`value`), or which statement is not heard (`forbid`), and why."""

    attribute = serializers.ChoiceField(choices=sorted(BY_NAME))
    value = AnyValue(required=False)
    forbid = Forbid(required=False)
    reason = serializers.CharField(max_length=2_000)
    expires_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One of the two."""
        if (attrs.get("value") is None) == ("forbid" not in attrs):
            raise serializers.ValidationError("Give either the value to pin or the statement to forbid.")
        return attrs


class Pin(serializers.Serializer[Any]):
    """A pin: it sets `value`; or, where there is a `source` or a `record`, that one is not heard (with `value`: only
    where it says that). `party` is the absorbed one that it came with, where it did.
    """

    id = serializers.IntegerField()
    party = serializers.UUIDField(source="party_id")
    attribute = serializers.CharField()
    value = AnyValue(allow_null=True)
    source = serializers.CharField(source="source_id", allow_null=True)  # type: ignore[assignment]
    record = serializers.UUIDField(source="record_id", allow_null=True)
    reason = serializers.CharField()
    author = serializers.CharField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)


class GoldenPreview(serializers.Serializer[Any]):
    """A golden record as it would be; `changes` is against that party now. No `party` where a new id would be drawn."""

    party = serializers.UUIDField(allow_null=True)
    records = serializers.ListField(child=serializers.UUIDField())
    party_type = serializers.CharField()
    quality = serializers.IntegerField()
    values = Attributes()
    changes = AttributeChange(many=True)


class Preview(serializers.Serializer[Any]):
    """What an act would do. `redirects`: how many older ids would lead elsewhere."""

    golden = GoldenPreview(many=True)
    retired = serializers.ListField(child=serializers.UUIDField())
    events = serializers.ListField(child=serializers.CharField())
    redirects = serializers.IntegerField()


class Done(serializers.Serializer[Any]):
    """What an act did. `act` is the id by which it can be undone."""

    act = serializers.UUIDField()
    created = serializers.ListField(child=serializers.UUIDField())
    merged = serializers.DictField(child=serializers.UUIDField(), help_text="Retired id → survivor.")
    split = serializers.ListField(child=serializers.UUIDField())
    updated = serializers.ListField(child=serializers.UUIDField())


class Risk(serializers.Serializer[Any]):
    """A level that an act reaches: from `at_least` on it needs approval."""

    measure = serializers.CharField()
    value = serializers.IntegerField()
    at_least = serializers.IntegerField()


class Approval(serializers.Serializer[Any]):
    """A proposal that waits for, or has had, a second pair of eyes. `act`: what was done once it was approved."""

    approval = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(choices=ActKind.choices)
    state = serializers.ChoiceField(choices=ApprovalState.choices)
    parties = serializers.ListField(child=serializers.UUIDField())
    versions = serializers.ListField(child=serializers.IntegerField())
    arguments = serializers.JSONField()
    risks = Risk(many=True)
    reason = serializers.CharField()
    proposed_by = serializers.CharField(source="proposed_by.username")
    proposed_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    decided_by = serializers.CharField(source="decided_by.username", allow_null=True, default=None)
    decided_at = serializers.DateTimeField(allow_null=True)
    note = serializers.CharField()
    act = serializers.UUIDField(allow_null=True)


class Verdict(serializers.Serializer[Any]):
    """What somebody else says to a proposal. If-Match holds the ETags of its parties, in their order."""

    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=2_000)
