"""Who looks at a frame: by configuration, by stream, and while the preferred provider fails, the next one."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import cv2
import grpc
import numpy as np
import pytest
from google.cloud.vision_v1 import types
from tests.contract.functions.clip_double import ClipDouble, clip_double
from tests.contract.functions.pictures import METADATA, badge, scene
from tests.contract.functions.world import World
from tests.contract.vision.pictures import encoded, photograph

from pipeline.cloud.clients import firestore_client
from pipeline.detection.settings import detection
from pipeline.documents import analysis_config, brands, references
from pipeline.domain import names
from pipeline.domain.errors import BadRequest
from pipeline.domain.model import AnalysisSettings, Brand, Kind
from pipeline.maintenance import control

FOUND = {"label": "acme", "confidence": 0.8, "box": {"x": 0.25, "y": 0.5, "width": 0.25, "height": 0.25}}


@pytest.fixture
def clip() -> Iterator[ClipDouble]:
    with clip_double() as double:
        yield double


@pytest.fixture(autouse=True)
def clean(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No configuration but a test's own; a breaker that opens at once."""
    for name, value in (("BREAKER_FAILURES", "2"), ("DETECT_TIMEOUT", "0.3"), ("DETECT_KINDS", "logo")):
        monkeypatch.setenv(name, value)
    detection.cache_clear()
    _forget(world)
    yield
    detection.cache_clear()
    _forget(world)


def _forget(world: World) -> None:
    world.control.document(names.CONFIG).delete()
    analysis_config.publish()
    for brand in ("acme", "nike"):
        world.db.document(names.brand_path(brand)).delete()
    analysis_config.forget()


def configure(**said: Any) -> None:
    analysis_config.save(analysis_config.Stored(AnalysisSettings(**said), analysis_config.load().version))
    analysis_config.forget()


def frame(world: World, stream: str, media_ms: int = 0, data: bytes = b"jpeg") -> dict[str, Any]:
    return world.put(names.frame_object(world.frame(stream, media_ms)), data, "image/jpeg", METADATA)


def sees(*labels: str) -> Any:
    logos = [types.EntityAnnotation(description=label, score=0.9) for label in labels]
    return lambda: types.AnnotateImageResponse(logo_annotations=logos)


def test_clip_is_shown_the_picture_and_the_brands(world: World, clip: ClipDouble) -> None:
    brands.create(Brand("acme", "Acme", prompts=("a red disc",)))
    configure(providers={Kind.LOGO: ("clip",)}, endpoints={"clip": clip.place})
    clip.found = [FOUND]
    stream = world.stream("clip")
    assert world.deliver("detect", frame(world, stream)) == 200
    analysis = world.frames(stream)[0]["analyses"]["logo"]
    assert (analysis["provider"], analysis["model"], analysis["took_ms"]) == ("clip", "tiny", 7)
    [seen] = analysis["detections"]
    assert (seen["label"], seen["box"]) == ("Acme", {"x": 0.25, "y": 0.5, "width": 0.25, "height": 0.25})
    [asked] = clip.asked
    assert base64.b64decode(asked["images"][0]["content"]) == b"jpeg"
    assert {"id": "acme", "name": "Acme", "prompts": ["a red disc"]} in asked["brands"]
    assert asked["threshold"] == 0.5


def test_the_gallery_sees_a_brand_from_when_it_is_added(world: World) -> None:
    configure(providers={Kind.LOGO: ("gallery",)})
    stream = world.stream("gallery")
    assert world.deliver("detect", frame(world, stream, 0, scene())) == 200
    brands.create(Brand("acme", "Acme"))
    references.add(brands.get("acme"), cv2.imencode(".png", badge())[1].tobytes())
    analysis_config.forget()
    assert world.deliver("detect", frame(world, stream, 1000, scene())) == 200
    before, after = (world.frames(stream)[at]["analyses"]["logo"] for at in (0, 1000))
    assert before["detections"] == []
    assert [one["label"] for one in after["detections"]] == ["Acme"]
    assert after["provider"] == "gallery"


def test_local_sees_objects_faces_and_marks_in_one_frame_without_a_call(world: World) -> None:
    acme = Brand("acme", "Acme")
    brands.create(acme)
    references.add(acme, encoded(badge()))
    kinds = (Kind.LOGO, Kind.OBJECT, Kind.FACE)
    configure(kinds=kinds, providers=dict.fromkeys(kinds, ("local",)))
    marked = np.full((720, 1280, 3), 200, np.uint8)
    marked[:, :720] = cv2.resize(photograph("astronaut"), (720, 720))
    marked[240:400, 960:1120] = badge()
    stream, before = world.stream("without-a-bill"), len(world.vision.requests)
    assert world.deliver("detect", frame(world, stream, data=encoded(marked, ".jpg"))) == 200
    analyses = world.frames(stream)[0]["analyses"]
    seen = {kind: [one["label"] for one in found["detections"]] for kind, found in analyses.items()}
    assert seen == {"logo": ["Acme"], "object": ["Person"], "face": ["Face"]}
    assert {found["provider"] for found in analyses.values()} == {"local"}
    assert all(one["box"] for found in analyses.values() for one in found["detections"])
    assert len(world.vision.requests) == before


def test_local_looks_while_vision_rests(world: World) -> None:
    configure(kinds=(Kind.OBJECT,), providers={Kind.OBJECT: ("vision", "local")})
    world.vision.says(*[grpc.StatusCode.UNAVAILABLE] * 2)
    stream = world.stream("vision-rests")
    push = frame(world, stream, data=encoded(photograph("astronaut"), ".jpg"))
    assert [world.deliver("detect", push) for _ in range(3)] == [503, 503, 200]
    analysis = world.frames(stream)[0]["analyses"]["object"]
    assert (analysis["provider"], analysis["fallback_from"]) == ("local", "vision")
    assert [one["label"] for one in analysis["detections"]] == ["Person"]


def test_a_stream_has_a_provider_and_a_threshold_of_its_own(world: World, clip: ClipDouble) -> None:
    brands.create(Brand("acme", "Acme"))
    configure(endpoints={"clip": clip.place}, threshold={Kind.LOGO: 0.95})
    clip.found = [FOUND]
    stream = world.stream("own", providers={Kind.LOGO: ("clip",)}, threshold={Kind.LOGO: 0.7})
    world.deliver("detect", frame(world, stream))
    assert len(world.frames(stream)[0]["analyses"]["logo"]["detections"]) == 1
    world.vision.says(sees("Acme"))
    other = world.stream("others")
    world.deliver("detect", frame(world, other))
    assert world.frames(other)[0]["analyses"]["logo"]["provider"] == "vision"
    assert world.frames(other)[0]["analyses"]["logo"]["detections"] == []


@pytest.mark.parametrize(("status", "answered"), [(429, 429), (500, 503), (503, 503)])
def test_the_next_provider_takes_over_while_the_first_one_fails(
    world: World, clip: ClipDouble, status: int, answered: int
) -> None:
    brands.create(Brand("acme", "Acme"))
    configure(providers={Kind.LOGO: ("clip", "vision")}, endpoints={"clip": clip.place})
    clip.status = status
    world.vision.says(sees("Acme"))
    stream = world.stream(f"failing-{status}")
    push = frame(world, stream)
    assert [world.deliver("detect", push) for _ in range(3)] == [answered, answered, 200]
    analysis = world.frames(stream)[0]["analyses"]["logo"]
    assert (analysis["provider"], analysis["fallback_from"], analysis["error"]) == ("vision", "clip", None)
    assert len(clip.asked) == 2, "left alone once the breaker is open"
    told = firestore_client().document("providers/clip").get().to_dict() or {}
    assert told["state"] == "open"
    assert "CLIP" in told["last_error"]
    assert clip.place not in told["last_error"], "browsers read it"


def test_a_provider_that_is_too_slow_has_failed(world: World, clip: ClipDouble) -> None:
    brands.create(Brand("acme", "Acme"))
    configure(providers={Kind.LOGO: ("clip",)}, endpoints={"clip": clip.place})
    clip.held.clear()
    stream = world.stream("slow")
    push = frame(world, stream)
    assert world.deliver("detect", push) == 503
    error = world.frames(stream)[0]["analyses"]["logo"]["error"]
    assert error["code"] == "unavailable" and "Timeout" in error["message"]
    clip.held.set()
    assert world.deliver("detect", push) == 200
    assert world.frames(stream)[0]["analyses"]["logo"]["error"] is None


def test_where_nobody_is_left_it_is_said_and_tried_again(world: World, clip: ClipDouble) -> None:
    brands.create(Brand("acme", "Acme"))
    configure(providers={Kind.LOGO: ("clip",)}, endpoints={"clip": clip.place})
    clip.status = 500
    stream = world.stream("left-alone")
    push = frame(world, stream)
    assert [world.deliver("detect", push) for _ in range(3)] == [503, 503, 503]
    assert len(clip.asked) == 2
    error = world.frames(stream)[0]["analyses"]["logo"]["error"]
    assert error["code"] == "resting" and "left alone" in error["message"]


def test_what_a_provider_cannot_look_for_is_said_and_the_rest_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DETECT_PROVIDER", "gallery")
    detection.cache_clear()
    stream = world.stream("unable", kinds=(Kind.LOGO, Kind.FACE))
    assert world.deliver("detect", frame(world, stream, data=scene())) == 200
    analyses = world.frames(stream)[0]["analyses"]
    assert analyses["face"]["error"] == {"code": "no-provider", "message": "gallery cannot look for face"}
    assert analyses["logo"]["error"] is None


def test_a_wrong_configuration_written_by_hand_changes_nothing(world: World) -> None:
    world.vision.says(sees("Acme"))
    stream = world.stream("by-hand")
    world.control.document(names.CONFIG).set({"providers": {"logo": "clip"}})
    with pytest.raises(BadRequest, match=r"providers\.logo"):  # housekeep logs it, each minute
        control.publish(datetime.now(UTC))
    analysis_config.forget()
    assert world.deliver("detect", frame(world, stream)) == 200
