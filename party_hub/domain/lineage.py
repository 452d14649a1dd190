"""How lineage is kept and how it is told.

Kept, it names each source record once and repeats no golden value, for most of a golden record's bytes would be
lineage otherwise:

    {"records": [{record, source, key, effective_at}, ...],
     "attributes": {name: {rule, reason, won: [[place, ...], ...], lost: [{value, by: [place, ...], forbidden?}],
                           pin?, beneath?}}}

`records` goes by trust, then record id; a place is an index into it. `won` runs parallel to the golden values; `pin`
is the id of the pin that the first of them is, `beneath` what the rule would put first without it. `forbidden` is the
id of the pin for which a value is not heard; `won` is empty where nothing else is said. An attribute that is not named
there comes as the only record gives it.
"""

from collections.abc import Mapping
from typing import Any

ONLY_RECORD = "only_record"


def unfold(kept: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Lineage as told, by attribute: `{rule, reason, values: [{value, won, records, pin?, forbidden?}]}`, best value
    first.

    `kept` is as stored beside the golden `values`; `records` are the objects named in `kept`.
    """
    records = kept.get("records", [])
    said = kept.get("attributes", {})
    told = {name: _told(said[name], value, records) if name in said else _sole(value, records)
            for name, value in values.items()}  # fmt: skip
    return told | {name: _told(one, [], records) for name, one in said.items() if name not in values}


def beneath(kept: Mapping[str, Any], attribute: str, pin: int, *, forbids: bool) -> list[Any]:
    """What a pin covers: the value that the rule would put first, or those that are not heard for it."""
    said = kept.get("attributes", {}).get(attribute, {})
    if forbids:
        return [one["value"] for one in said.get("lost", ()) if one.get("forbidden") == pin]
    return [said["beneath"]] if "beneath" in said else []


def _told(said: Mapping[str, Any], value: Any, records: list[Any]) -> dict[str, Any]:
    golden = value if isinstance(value, list) else [value]
    won: list[dict[str, Any]] = [
        {"value": one, "won": True, "records": [records[place] for place in by]}
        for one, by in zip(golden, said["won"], strict=True)
    ]
    if "pin" in said:
        won[0]["pin"] = said["pin"]
    lost = [
        {"value": one["value"], "won": False, "records": [records[place] for place in one["by"]]}
        | ({"forbidden": one["forbidden"]} if "forbidden" in one else {})
        for one in said.get("lost", ())
    ]
    return {"rule": said["rule"], "reason": said["reason"], "values": [*won, *lost]}


def _sole(value: Any, records: list[Any]) -> dict[str, Any]:
    golden = value if isinstance(value, list) else [value]
    told = [{"value": one, "won": True, "records": list(records)} for one in golden]
    return {"rule": ONLY_RECORD, "reason": "the only record", "values": told}
