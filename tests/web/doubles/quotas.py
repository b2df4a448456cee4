"""Quotas as the API answers them."""

from __future__ import annotations

import copy
import re
from typing import Any

_DAY_ENDS = "2026-03-02T00:00:00Z"

TENANT: dict[str, Any] = {
    "tenant": "main",
    "limits": {
        "media_hours_day": 2_000.0,
        "media_bytes_day": 5_000_000_000_000,
        "stored_bytes": 50_000_000_000_000,
        "upload_bytes_day": 500_000_000_000,
        "imports_at_once": 10,
        "frames_day": 1_000_000,
        "usd_day": 1_000.0,
    },
    "used": {
        "media_seconds_today": 5_400.0,
        "media_bytes_today": 3_000_000_000,
        "stored_bytes": 40_000_000_000,
        "upload_bytes_today": 2_000_000_000,
        "imports_now": 0,
        "frames_today": 1_234,
        "usd_today": 3.7,
    },
    "day_ends": _DAY_ENDS,
}


def tenant() -> dict[str, Any]:
    """Those of a tenant that has room."""
    return copy.deepcopy(TENANT)


def stream(stream: str, **changes: Any) -> dict[str, Any]:
    """Those of a stream that has room, but for the fields `changes`."""
    return {
        "stream": stream,
        "tenant": "main",
        "limits": {"media_hours_day": 200.0, "frames_day": 100_000, "usd_day": 200.0},
        "used": {"media_seconds_today": 5_400.0, "frames_today": 1_234, "usd_today": 3.7},
        "warned_from": 0.8,
        "reached": [],
        "forecast": None,
        "day_ends": _DAY_ENDS,
        **changes,
    }


def answer(method: str, path: str) -> dict[str, Any] | None:
    """The usual answer to a request for quotas; None to any other."""
    if method != "GET":
        return None
    if re.search(r"^(/api)?/quotas$", path):
        return tenant()
    found = re.search(r"/streams/([^/]+)/quotas$", path)
    return stream(found[1]) if found else None
