"""What these calls take and give; OpenAPI is made from it."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from matching.intake import unknown_names
from party_hub.domain.attributes import PartyType
from party_hub.domain.judgement import Judgement


@extend_schema_field(OpenApiTypes.OBJECT)
class AttributesField(serializers.JSONField):
    """Attributes by their canonical names, or as canonical columns (`full_name`, `street` …), in any spelling."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """An object of names that the hub knows. Raises ValidationError by attribute."""
        value = super().to_internal_value(data)
        if not isinstance(value, dict):
            raise serializers.ValidationError("must be an object of attributes")
        if unknown := unknown_names(value):
            raise serializers.ValidationError(dict.fromkeys(unknown, "there is no such attribute"))
        return value


class Question(serializers.Serializer[Any]):
    """A party that somebody is about to create."""

    party_type = serializers.ChoiceField(choices=[one.value for one in PartyType])
    attributes = AttributesField()
    limit = serializers.IntegerField(min_value=1, max_value=50, default=10)


class ContributionShown(serializers.Serializer[Any]):
    """What one attribute adds to the score, in natural log-odds."""

    attribute = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    weight = serializers.FloatField()
    detail = serializers.CharField()


class CandidateShown(serializers.Serializer[Any]):
    """A party that it may be, and why."""

    party = serializers.UUIDField()
    record = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]
    key = serializers.CharField()
    name = serializers.CharField()
    probability = serializers.FloatField()
    grade = serializers.ChoiceField(choices=["certain", "probable", "possible"])
    contributions = ContributionShown(many=True)


class Candidates(serializers.Serializer[Any]):
    """Likeliest first. `unread` are the fields of which nothing could be made: they were not looked for."""

    candidates = CandidateShown(many=True)
    unread = serializers.ListField(child=serializers.CharField())


class RecordBody(serializers.Serializer[Any]):
    """One source record under a key that the URL names."""

    party_type = serializers.ChoiceField(choices=[one.value for one in PartyType])
    attributes = AttributesField()
    effective_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class NewRecord(RecordBody):
    """One source record."""

    source = serializers.CharField(max_length=50)  # type: ignore[assignment]
    key = serializers.CharField(max_length=200)


class SubmittedShown(serializers.Serializer[Any]):
    """What became of the record, and the party that it belongs to now (null once withdrawn). `unread` are the fields of
    which nothing could be made, and which were left out."""

    record = serializers.UUIDField()
    source = serializers.CharField()  # type: ignore[assignment]
    key = serializers.CharField()
    outcome = serializers.ChoiceField(choices=["created", "updated", "unchanged", "late", "withdrawn"])
    party = serializers.UUIDField(allow_null=True)
    new_party = serializers.BooleanField()
    unread = serializers.ListField(child=serializers.CharField())


class PairAsked(serializers.Serializer[Any]):
    """Two source records, by their ids."""

    left = serializers.UUIDField()
    right = serializers.UUIDField()


class ExplanationShown(serializers.Serializer[Any]):
    """Why two records match, or do not: prior and contributions add up to the total, in natural log-odds.

    Prior and total are null for records that are never compared."""

    prior = serializers.FloatField(allow_null=True)
    contributions = ContributionShown(many=True)
    total = serializers.FloatField(allow_null=True)
    probability = serializers.FloatField()
    band = serializers.ChoiceField(choices=["automatic", "review", "none"])
    sentence = serializers.CharField()
    model_version = serializers.CharField()


class JoinShown(serializers.Serializer[Any]):
    """One step by which a party's records came together."""

    left = serializers.UUIDField()
    right = serializers.UUIDField()
    by = serializers.ChoiceField(choices=["decision", "link"])
    probability = serializers.FloatField()
    author = serializers.CharField(allow_blank=True)
    sizes = serializers.ListField(child=serializers.IntegerField())
    sentence = serializers.CharField()


class Joins(serializers.Serializer[Any]):
    """The steps in their order; none for a party of one record."""

    steps = JoinShown(many=True)


class LabelGiven(PairAsked):
    """An answer to a pair, for learning."""

    verdict = serializers.ChoiceField(choices=[one.value for one in Judgement])


class LabelShown(serializers.Serializer[Any]):
    """An answer to a pair, with what the model in force said of it at that moment."""

    id = serializers.IntegerField(source="pk")
    left = serializers.UUIDField(source="left_id")
    right = serializers.UUIDField(source="right_id")
    verdict = serializers.ChoiceField(choices=[one.value for one in Judgement])
    model_version = serializers.CharField()
    probability = serializers.FloatField(allow_null=True)
    created_at = serializers.DateTimeField()
