"""The CLIP service in the stack, with its tiny models: brands by prompt and by picture, objects and scenes in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.e2e.helpers.still import MARKS, Watched, film
from tests.wait import until

from clip.classes import TEMPLATES

pytestmark = pytest.mark.stack
PATIENCE = 120.0  # s: the instance loads torch and two models
MARK = "starbucks/color.png"
SETTINGS: dict[str, Any] = {
    "kinds": ["logo", "object", "label"],
    "providers": {"logo": ["clip"], "object": ["owl"], "label": ["clip"]},
    "brands": ["siren"],
    "threshold": {"logo": 0.3, "object": 0.2, "label": 0.0},
    "words": {"object": ["cup", "car"], "label": ["shop", "street"]},
}


@pytest.fixture
def service(stack: Any) -> None:
    """An instance, started by the first request as by a first frame; that frame would be looked at once it is up."""
    url, key = f"{stack.api.rstrip('/')}/providers/owl/health", {"Authorization": f"Bearer {stack.admin_key}"}
    until(lambda: requests.get(url, headers=key, timeout=30).status_code == 200, PATIENCE, "the CLIP service's start")


@pytest.fixture
def watched(stack: Any, service: None, tmp_path: Path) -> Iterator[Watched]:
    one = Watched(stack, "clipped", film(tmp_path / "siren.mp4", MARK), SETTINGS)
    prompts = [template.format("Starbucks") for template in TEMPLATES]
    one.call("POST", "/brands", json={"id": "siren", "name": "Siren", "prompts": prompts})
    yield one
    one.close()
    one.call("DELETE", "/brands/siren")


def test_brands_are_found_by_prompt_and_then_by_picture_and_things_by_words(watched: Watched) -> None:
    watched.seconds_until(lambda one: one["provider"] == "clip" and found(one) == {"Siren"} and one["device"] == "cpu")
    watched.seconds_until(lambda one: one["provider"] == "owl" and bool(found(one) & {"cup", "car"}), "object")
    watched.seconds_until(lambda one: one["provider"] == "clip" and found(one) == {"shop", "street"}, "label")
    watched.call("POST", "/brands/siren/references", data=(MARKS / MARK).read_bytes())
    looks = {"logo": ["owl"], "object": ["local"], "label": ["local"]}
    watched.call("PATCH", "/streams/clipped", json={"settings": {**SETTINGS, "providers": looks}})
    watched.seconds_until(lambda one: one["provider"] == "owl" and found(one) == {"Siren"} and all(boxes(one)))
    watched.seconds_until(lambda one: one["provider"] == "local" and not one["error"], "object")


def found(analysis: dict[str, Any]) -> set[str]:
    return {one["label"] for one in analysis["detections"]}


def boxes(analysis: dict[str, Any]) -> list[dict[str, float] | None]:
    return [one["box"] for one in analysis["detections"]]
