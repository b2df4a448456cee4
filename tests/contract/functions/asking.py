"""Requests to the API with the admin key."""

from __future__ import annotations

from typing import Any

from tests.contract.functions.world import World
from werkzeug.test import TestResponse

KEY = {"Authorization": "Bearer admin-key-for-tests"}


def call(world: World, method: str, path: str, body: Any = None, data: bytes | None = None) -> TestResponse:
    client = world.api()
    return (
        client.open(path, method=method, headers=KEY, json=body)
        if data is None
        else client.open(path, method=method, headers=KEY, data=data)
    )
