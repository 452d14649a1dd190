"""What these calls give; OpenAPI is made from it."""

from typing import Any

from rest_framework import serializers


class RequestedRun(serializers.Serializer[Any]):
    """A run that was asked for."""

    run = serializers.IntegerField(source="pk")
    feed = serializers.CharField(source="feed_id")
    location = serializers.CharField()
    state = serializers.CharField()


class NotifiedShown(serializers.Serializer[Any]):
    """The runs, how many objects were known in this version before, and why others became no run, by URL."""

    runs = RequestedRun(many=True)
    repeated = serializers.IntegerField()
    passed_over = serializers.DictField(child=serializers.CharField())
