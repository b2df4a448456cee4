"""A running stream learns of a brand, and of another provider, while it runs. No process is restarted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.helpers.still import MARKS, Watched

from emulator.stack import control as stacks

pytestmark = pytest.mark.stack


@pytest.fixture
def watched(stack: Any, still: Path, request: pytest.FixtureRequest) -> Iterator[Watched]:
    stream = f"still-{request.node.name.split('_')[1]}"
    one = Watched(stack, stream, still, {"kinds": ["logo"], "providers": {"logo": ["gallery"]}})
    yield one
    one.close()


def processes() -> set[tuple[str, int]]:
    """Names and ids of all that runs. A function that is not kept warm may join them, with its first request."""
    found = stacks.find(f"test-{os.getpid()}")
    assert found is not None
    return {(name, resource.pid) for name, resource in found.resources.items() if resource.pid is not None}


def test_added_brands_are_found_in_a_running_stream_though_nothing_in_it_changes(watched: Watched) -> None:
    watched.seconds_until(lambda one: one["provider"] == "gallery" and not one["error"] and not one["detections"])
    before = processes()
    watched.call("POST", "/brands", json={"id": "added", "name": "Added"})
    mark = (MARKS / "starbucks" / "black.png").read_bytes()
    watched.call("POST", "/brands/added/references", data=mark)
    took = watched.seconds_until(lambda one: any(seen["label"] == "Added" for seen in one["detections"]))
    print(f"a brand was found {took:.1f} s after it was added")
    assert processes() >= before
    watched.call("DELETE", "/brands/added")


def test_switched_providers_look_without_a_restart(watched: Watched) -> None:
    watched.seconds_until(lambda one: one["provider"] == "gallery" and not one["error"])
    before = processes()
    stream = "still-switched"
    settings = {"kinds": ["logo"], "providers": {"logo": ["vision"]}}
    watched.call("PATCH", f"/streams/{stream}", json={"settings": settings})
    took = watched.seconds_until(lambda one: one["provider"] == "vision" and not one["error"])
    print(f"another provider looked {took:.1f} s after it was chosen")
    assert processes() >= before
