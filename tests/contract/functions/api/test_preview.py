"""What a threshold would keep: a stored frame, looked at again whatever the threshold, and nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import Any

import cv2
import pytest
from google.cloud.vision_v1 import types
from tests.contract.functions.asking import call
from tests.contract.functions.pictures import METADATA, badge, scene
from tests.contract.functions.world import SESSION, World
from werkzeug.test import TestResponse

from pipeline.detection.settings import detection
from pipeline.documents import analysis_config, brands, references
from pipeline.domain import names
from pipeline.domain.model import Brand, Kind


@pytest.fixture(autouse=True)
def acme(world: World) -> Iterator[None]:
    detection.cache_clear()
    world.control.document(names.CONFIG).delete()
    analysis_config.publish()
    brands.create(Brand("acme-preview", "Acme", aliases=("ACME Inc.",), threshold=0.9))
    yield
    brands.delete("acme-preview")


def frame(world: World, stream: str, data: bytes) -> None:
    world.put(names.frame_object(world.frame(stream, 40)), data, "image/jpeg", METADATA)


def ask(world: World, stream: str, media_ms: Any = 40) -> TestResponse:
    return call(world, "POST", f"/streams/{stream}/sessions/{SESSION}/preview", {"media_ms": media_ms})


def sees(*scores: float) -> Any:
    logos = [types.EntityAnnotation(description="acme inc.", score=score) for score in scores]
    return lambda: types.AnnotateImageResponse(logo_annotations=logos)


def test_what_falls_below_every_threshold_is_told_under_the_brands_name_and_nothing_is_stored(world: World) -> None:
    stream = world.stream("previewed", threshold={Kind.LOGO: 0.7})
    frame(world, stream, b"jpeg")
    world.vision.says(sees(0.2, 0.8, 0.01))
    told = ask(world, stream).get_json()["preview"]
    assert [(one["label"], round(one["confidence"], 2)) for one in told["detections"]] == [("Acme", 0.8), ("Acme", 0.2)]
    assert (told["provider"], told["threshold"]) == ("vision", 0.7)
    assert world.frames(stream) == {}


def test_the_gallery_tells_what_it_is_not_sure_of(world: World) -> None:
    stream = world.stream("previewed-gallery", providers={Kind.LOGO: ("gallery",)})
    references.add(brands.get("acme-preview"), cv2.imencode(".png", badge())[1].tobytes())
    frame(world, stream, scene())
    told = ask(world, stream).get_json()["preview"]
    assert told["provider"] == "gallery"
    assert told["detections"][0]["label"] == "Acme"
    assert told["detections"][0]["box"]["width"] > 0.1
    scores = [one["confidence"] for one in told["detections"]]
    assert scores == sorted(scores, reverse=True)


def test_nobody_to_ask_is_said(world: World) -> None:
    stream = world.stream("previewed-nowhere", providers={Kind.LOGO: ("clip",)})
    frame(world, stream, b"jpeg")
    response = ask(world, stream)
    assert response.status_code == 503
    assert "clip has no address" in response.get_json(force=True)["detail"]


def test_a_crowd_waits_its_turn_and_is_then_told_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = world.stream("previewed-crowd")
    frame(world, stream, b"jpeg")
    world.vision.says(sees(0.8))
    turns = BoundedSemaphore(1)
    monkeypatch.setattr("pipeline.detection.preview._WAIT_SECONDS", 0.01)
    monkeypatch.setattr("pipeline.detection.preview._AT_ONCE", turns)
    with turns:
        assert "try again" in ask(world, stream).get_json(force=True)["detail"]
    assert ask(world, stream).status_code == 200


@pytest.mark.parametrize("media_ms", [None, -1, 1.5, True, "40"])
def test_a_frame_is_named_in_whole_milliseconds(world: World, media_ms: Any) -> None:
    response = ask(world, "absent", media_ms)
    assert response.status_code == 400
    assert "'media_ms'" in response.get_json(force=True)["detail"]


def test_the_configuration_tells_what_holds_where_nothing_is_set(world: World) -> None:
    told = call(world, "GET", "/config/analysis").get_json()
    assert told["defaults"]["kinds"] == ["logo", "text"]
    assert told["defaults"]["providers"]["logo"] == ["vision"]
    assert told["defaults"]["threshold"]["text"] == 0.5
    for name, value in told["defaults"]["sampling"].items():
        least, most = told["limits"][name]
        assert least <= value <= most
