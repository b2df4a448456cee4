"""Reads ingest's answers: JSON, and the error that a refusal stands for."""

from __future__ import annotations

import http.client
import json
from typing import Any

from .errors import BY_STATUS, USED_UP, SendError, Unavailable, UsedUp


def refusal(url: str, status: int, answer: dict[str, Any]) -> SendError:
    """The error of `status`, in ingest's own words; Unavailable for a status without a class."""
    detail = str(answer.get("detail") or answer.get("title") or http.client.responses.get(status, "no reason given"))
    kind = UsedUp if answer.get("title") == USED_UP else BY_STATUS.get(status, Unavailable)
    return kind(f"{url} answered {status}: {detail}")


def parsed(text: bytes | str) -> dict[str, Any]:
    """The JSON object in `text`; an empty one if there is none."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}
