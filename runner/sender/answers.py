"""What ingest's answers mean, in the tree of errors."""

from __future__ import annotations

import http.client
import json
from typing import Any

from pipeline.domain import errors

_TREE = {
    kind.status: kind
    for kind in (
        errors.BadRequest,
        errors.UnsupportedMedia,
        errors.Unauthorized,
        errors.NotFound,
        errors.Conflict,
        errors.QuotaExceeded,
    )
}


def refusal(url: str, status: int, answer: dict[str, Any]) -> errors.MediaAnalyzerError:
    """The error that `status` stands for, with the answer's own words; Unavailable for what may pass."""
    detail = str(answer.get("detail") or answer.get("title") or http.client.responses.get(status, "no reason given"))
    return _TREE.get(status, errors.Unavailable)(f"{url} answered {status}: {detail}")


def parsed(text: bytes | str) -> dict[str, Any]:
    """The JSON object in `text`; an empty one where there is none."""
    try:
        found: Any = json.loads(text)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}
