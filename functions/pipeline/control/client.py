"""Calls to front's internal routes, in the name of this workload's service account.

Each call may be repeated, so one that is not answered is tried again until its time is up: front may be starting, or be
away for some seconds while it is replaced.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from ..cloud.service_identity import token_for
from ..domain.errors import MediaAnalyzerError, Unavailable, named
from ..domain.settings import load, setting

log = logging.getLogger(__name__)

START_SECONDS = 20.0
"""For which the start of a stream waits for front, which may need some seconds to start itself."""
_CONNECTIONS = 100  # kept open: a stream has two threads that call
_CONNECT_SECONDS = 2.0
_PAUSES = (0.05, 0.2, 0.5, 1.0)  # seconds between two attempts; the last one again and again


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a workload that asks front."""

    front: str = setting(
        "FRONT_URL", "address of front, which checks keys and keeps leases; ID tokens of its callers are meant for it"
    )


def call(method: str, path: str, body: Any = None, *, seconds: float = START_SECONDS) -> Any:
    """The JSON that front answers; `body` is JSON too, or bytes that hold it. Raises what front refused with.

    Raises Unavailable if it does not answer within `seconds`.
    """
    deadline, attempt = time.monotonic() + seconds, 0
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    while True:
        try:
            return _once(method, path, data, deadline - time.monotonic())
        except Unavailable as error:
            pause = _PAUSES[min(attempt, len(_PAUSES) - 1)]
            if time.monotonic() + pause >= deadline:
                raise
            log.info("asking front again: %s", error)
        time.sleep(pause)
        attempt += 1


def _once(method: str, path: str, data: bytes, seconds: float) -> Any:
    front = _front()
    headers = {"Authorization": f"Bearer {token_for(front).get()}", "Content-Type": "application/json"}
    limits = (min(_CONNECT_SECONDS, seconds), seconds)
    try:
        answer = _session().request(method, f"{front}/control{path}", data=data, headers=headers, timeout=limits)
    except requests.RequestException as error:
        raise Unavailable(f"front did not answer: {type(error).__name__}", public="front did not answer") from error
    try:
        found = answer.json() if answer.content else None
    except ValueError:
        found = None
    if answer.ok and (found is not None or answer.status_code == 204):
        return found
    raise _refusal(answer.status_code, found)


def _refusal(status: int, found: Any) -> MediaAnalyzerError:
    """The error that front means.

    One that names no class of ours comes from its platform, or from a release without the route.
    """
    said: dict[str, Any] = found if isinstance(found, dict) else {}
    kind = named(str(said.get("error")))
    if kind is None or status >= 500:
        return Unavailable(f"front answered {status}: {said.get('detail')}", public="front did not answer")
    return kind(str(said.get("detail")), public=said.get("public"))


@cache
def _front() -> str:
    return load(Settings).front.rstrip("/")


@cache
def _session() -> requests.Session:
    session = requests.Session()
    session.trust_env = False  # no proxy, no .netrc: it costs some 0.3 ms a call to look for them
    adapter = HTTPAdapter(pool_maxsize=_CONNECTIONS)
    for scheme in ("http://", "https://"):
        session.mount(scheme, adapter)
    return session


def forget() -> None:
    """Reads the settings again."""
    for cached in (_front, _session, token_for):
        cached.cache_clear()
