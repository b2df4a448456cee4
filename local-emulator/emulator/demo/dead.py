"""Dead letters of a running stack, as its API lists them."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from ..errors import CallFailed
from ..state import Endpoints

_MOST = 1000


def letters(endpoints: Endpoints, stream: str) -> list[dict[str, Any]]:
    """The dead letters about objects of `stream`, the newest first. Raises CallFailed."""
    url = f"{endpoints.api.rstrip('/')}/dead-letters?limit={_MOST}"
    try:
        with urlopen(
            Request(url, headers={"Authorization": f"Bearer {endpoints.admin_key}"}), timeout=30
        ) as response:
            found: list[dict[str, Any]] = json.load(response)["dead_letters"]
    except URLError as error:
        raise CallFailed(f"{url}: {error}") from error
    return [letter for letter in found if f"/{stream}/" in letter["object"]]


def dead_letters(endpoints: Endpoints, stream: str) -> list[str]:
    """A line for each of them. Raises CallFailed."""
    return [f"dead letter of {one['topic']}: {one['object']}: {one['reason']}" for one in letters(endpoints, stream)]
