"""CloudEvents 1.0, structured JSON: how an event of the outbox looks to others, on Kafka and over REST alike."""

import json
from datetime import UTC
from typing import Any

from party_hub.models import OutboxEvent

SOURCE = "/party-hub"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"


def envelope(event: OutboxEvent) -> dict[str, Any]:
    """The event as a CloudEvent. `partyversion` and `correlationid` are extensions: names in small letters."""
    written: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(event.event_id),
        "source": SOURCE,
        "type": event.type,
        "subject": event.key,
        "time": event.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "dataschema": f"/api/events/schemas/{event.type}.json",
        "correlationid": str(event.correlation_id),
    }
    if event.party_version is not None:
        written["partyversion"] = event.party_version
    if event.payload is not None:
        written["data"] = event.payload
    return written


def as_bytes(event: OutboxEvent) -> bytes | None:
    """The value of its Kafka message; None for a tombstone."""
    if event.payload is None:
        return None
    return json.dumps(envelope(event), ensure_ascii=False, separators=(",", ":")).encode()


def headers(event: OutboxEvent) -> dict[str, str]:
    """The headers of its Kafka message, for who filters without parsing."""
    return {
        "content-type": CONTENT_TYPE,
        "ce_type": event.type,
        "ce_id": str(event.event_id),
        "correlation_id": str(event.correlation_id),
    }
