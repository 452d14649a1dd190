"""JSON as senders write it, if what it says can be stored."""

import json
from typing import Any


def from_json(text: str) -> Any:
    """What the JSON says. Raises ValueError or RecursionError for what is none, and where it holds half a surrogate
    pair: that is JSON, but no text that PostgreSQL, Arrow or anybody's screen could take.
    """
    found = json.loads(text)
    if "\\u" in text:
        json.dumps(found, ensure_ascii=False).encode()
    return found
