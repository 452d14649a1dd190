"""Idempotency-Key: the same key with the same body gets the same answer, and the act is done once."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

KEPT_SECONDS = 24 * 3600
_LONGEST = 200


def once(request: Request, act: Callable[[], Response]) -> Response:
    """The answer that this caller got to this key before, else that of `act`, kept for a day. Only success is kept.

    Raises ValidationError where the key was used for another body.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    if len(key) > _LONGEST:
        raise ValidationError({"Idempotency-Key": f"must be at most {_LONGEST} characters"})
    name = "idempotency:" + hashlib.sha256(f"{request.user.pk}\x1f{request.path}\x1f{key}".encode()).hexdigest()
    body = hashlib.sha256(repr(request.data).encode()).hexdigest()
    kept: dict[str, Any] | None = cache.get(name)
    if kept is not None:
        if kept["body"] != body:
            raise ValidationError({"Idempotency-Key": "was used for another body"})
        return Response(kept["answer"], status=kept["status"], headers={"Idempotent-Replayed": "true"})
    response = act()
    if response.status_code < 300:
        cache.set(name, {"body": body, "answer": response.data, "status": response.status_code}, KEPT_SECONDS)
    return response
