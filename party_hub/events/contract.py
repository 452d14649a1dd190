"""The published contract: JSON Schemas of every event, and the AsyncAPI document that says where they are found."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from .catalog import EventType, Topic
from .envelope import CONTENT_TYPE

FOLDER = Path(__file__).with_name("schemas")
INBOUND = "party.record"
FILE_ARRIVED = "file.arrived"
ENVELOPE = "envelope"
ADDRESS = "/api/events/schemas/"


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by its name: event types, what comes in, `envelope`, and `party`, which they share."""
    return {file.stem: json.loads(file.read_text()) for file in sorted(FOLDER.glob("*.json"))}


@cache
def _validator(name: str) -> Draft202012Validator:
    registry: Registry[Any] = Registry().with_resources(
        (schema["$id"], Resource.from_contents(schema)) for schema in schemas().values()
    )
    return Draft202012Validator(schemas()[name], registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


def problems(name: str, document: Any) -> list[str]:
    """What is wrong with a document by the schema of this name, a sentence each; empty where it is valid."""
    return [
        f"{'/'.join(map(str, error.absolute_path)) or 'document'}: {error.message}"
        for error in _validator(name).iter_errors(document)
    ]


def event_problems(event: dict[str, Any]) -> list[str]:
    """What is wrong with a CloudEvent of ours: its envelope, then its data by its type."""
    found = problems(ENVELOPE, event)
    return found or problems(event["type"], event["data"])


_CHANNELS = (
    (Topic.GOLDEN, "golden", "send", [kind for kind in EventType if kind is not EventType.REFERENCE_CHANGED]),
    (Topic.REFERENCE, "reference", "send", [EventType.REFERENCE_CHANGED]),
    (Topic.RECORDS, "records", "receive", [INBOUND]),
    (Topic.FILES, "files", "receive", [FILE_ARRIVED]),
    (Topic.DEAD_LETTERS, "deadLetters", "send", [INBOUND, FILE_ARRIVED]),
)
_ABOUT = {
    Topic.GOLDEN: "Every change of a party. Compacted: the newest event of a key is all there is to know. A message "
    "without value is a tombstone and follows party.erased.",
    Topic.REFERENCE: "Changes of reference data and rules. Compacted.",
    Topic.RECORDS: "Source records for the hub to take in.",
    Topic.FILES: "What S3 tells of objects that have arrived, for the hub to load.",
    Topic.DEAD_LETTERS: "Inbound messages that could not be taken in: their original bytes, with headers that say why.",
}


def _message(name: str) -> dict[str, Any]:
    schema = schemas()[name]
    inbound = name in (INBOUND, FILE_ARRIVED)
    if inbound:
        payload: dict[str, Any] = {"$ref": f"{ADDRESS}{name}.json"}
    else:
        data = {"properties": {"type": {"const": name}, "data": {"$ref": f"{ADDRESS}{name}.json"}}}
        payload = {"allOf": [{"$ref": f"{ADDRESS}{ENVELOPE}.json"}, data]}
    return {
        "name": name,
        "title": schema["title"],
        "summary": schema["description"],
        "contentType": "application/json" if inbound else CONTENT_TYPE,
        "payload": {"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": payload},
        "bindings": {"kafka": {"key": {"type": "string", "description": "Party id."}}},
    }


def _reference(*parts: str) -> dict[str, str]:
    return {"$ref": "#/" + "/".join(parts)}


def asyncapi(prefix: str = "", servers: str = "") -> dict[str, Any]:
    """The AsyncAPI 3.0 document. `prefix` is the environment's topic prefix, `servers` the brokers' addresses."""
    names = {str(kind) for *_, kinds in _CHANNELS for kind in kinds}
    document: dict[str, Any] = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Party Master Data Hub: events",
            "version": "1.0.0",
            "description": "At least once, in order per party, idempotent by id and by partyversion.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {
            channel: {
                "address": f"{prefix}{topic}",
                "description": _ABOUT[topic],
                "messages": {str(kind): _reference("components", "messages", str(kind)) for kind in kinds},
            }
            for topic, channel, _, kinds in _CHANNELS
        },
        "operations": {
            channel: {
                "action": action,
                "channel": _reference("channels", channel),
                "messages": [_reference("channels", channel, "messages", str(kind)) for kind in kinds],
            }
            for _, channel, action, kinds in _CHANNELS
        },
        "components": {"messages": {name: _message(name) for name in sorted(names)}},
    }
    if servers:
        document["servers"] = {"kafka": {"host": servers, "protocol": "kafka"}}
    return document
