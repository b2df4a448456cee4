"""One HTTP request to an emulator, with Google's error messages handed on."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from typing import Any

from .errors import CallFailed

_TIMEOUT = 20.0  # s


def call(
    method: str, address: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Sends `body` as JSON to http://`address``path` and returns the JSON answer. Raises CallFailed."""
    data = b"" if body is None else json.dumps(body).encode()
    return send(method, address, path, data, {"Content-Type": "application/json", **(headers or {})})


def send(method: str, address: str, path: str, data: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """Sends `data` as it is and returns the JSON answer, {} for none. Raises CallFailed."""
    answer = json.loads(fetch(method, address, path, data, headers) or b"{}")
    return answer if isinstance(answer, dict) else {}


def fetch(method: str, address: str, path: str, data: bytes = b"", headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of the answer. Raises CallFailed with the server's own words."""
    connection = http.client.HTTPConnection(address, timeout=_TIMEOUT)
    try:
        connection.request(method, path, data or None, dict(headers or {}))
        response = connection.getresponse()
        answer = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise CallFailed(f"{method} http://{address}{path}: {error!r}") from error
    finally:
        connection.close()
    if response.status >= 300:
        raise CallFailed(f"{method} http://{address}{path}: {response.status} {_reason(answer)}", response.status)
    return answer


def _reason(answer: bytes) -> str:
    try:
        return str(json.loads(answer)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return answer[:500].decode(errors="replace")
