"""`detect`, delivered as Pub/Sub delivers, against a Vision that answers what the test says."""

from __future__ import annotations

import logging
from typing import Any

import grpc
import pytest
from tests.contract.functions.vision_answers import fails, logo, seen
from tests.contract.functions.world import SESSION, World

from pipeline.documents import analysis_config
from pipeline.domain import names
from pipeline.domain.model import Kind
from pipeline.maintenance.removal import delete_documents

METADATA = {"segment": "0", "reason": "first", "width": "1280", "height": "720"}


def frame(world: World, stream: str, media_ms: int = 0, metadata: dict[str, str] = METADATA) -> dict[str, Any]:
    return world.put(names.frame_object(world.frame(stream, media_ms)), b"jpeg", "image/jpeg", metadata)


def test_what_vision_sees_is_merged_into_the_frames_document(world: World) -> None:
    stream = world.stream("seen")
    world.db.document(names.frame_path(world.frame(stream, 0))).set({"reason": "first"})
    world.vision.says(seen(logo()))
    assert world.deliver("detect", frame(world, stream)) == 200
    found = world.frames(stream)[0]
    assert found["reason"] == "first"
    assert found["kinds"] == ["logo", "text"]
    analysis = found["analyses"]["logo"]
    assert (analysis["provider"], analysis["error"]) == ("vision", None)
    assert analysis["took_ms"] >= 0
    assert analysis["analyzed_at"]
    [detection] = analysis["detections"]
    assert (detection["label"], detection["kind"]) == ("Nike", "logo")
    assert detection["confidence"] == pytest.approx(0.9, abs=1e-4)
    assert detection["box"] == {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.2}
    assert found["analyses"]["text"]["detections"] == []


def test_both_kinds_are_one_call_by_address(world: World) -> None:
    stream = world.stream("onecall")
    world.vision.says(seen())
    world.deliver("detect", frame(world, stream))
    [call] = world.vision.requests
    [request] = call.requests
    assert request.image.source.gcs_image_uri == f"gs://media/frames/{stream}/{SESSION}/0000000000.jpg"
    assert len(request.features) == 2


def test_a_redelivered_frame_is_not_paid_for_again(world: World) -> None:
    stream = world.stream("paid")
    push = frame(world, stream)
    world.vision.says(seen(logo()))
    assert world.deliver("detect", push) == 200
    before = world.frames(stream)
    assert world.deliver("detect", push) == 200
    assert len(world.vision.requests) == 1
    assert world.frames(stream) == before


def test_only_the_kind_that_is_missing_is_asked_for(world: World) -> None:
    stream = world.stream("missing", kinds=(Kind.LOGO,))
    push = frame(world, stream)
    world.vision.says(seen(logo()))
    world.deliver("detect", push)
    world.db.document(names.stream_path(stream)).update({"settings.kinds": ["logo", "text"]})
    analysis_config.forget()
    assert world.deliver("detect", push) == 200
    asked = [[feature.type_.name for feature in call.requests[0].features] for call in world.vision.requests]
    assert asked == [["LOGO_DETECTION"], ["TEXT_DETECTION"]]
    assert set(world.frames(stream)[0]["analyses"]) == {"logo", "text"}


def test_a_quota_that_is_used_up_is_recorded_and_retried_and_cleared_by_success(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    stream = world.stream("quota")
    push = frame(world, stream)
    world.vision.says(grpc.StatusCode.RESOURCE_EXHAUSTED, fails(8, "Quota exceeded."), seen(logo()))
    with caplog.at_level(logging.WARNING):
        assert world.deliver("detect", push) == 429
    assert "retry: " in caplog.text
    error = world.frames(stream)[0]["analyses"]["logo"]["error"]
    assert error["code"] == "quota-exceeded" and "quota" in error["message"]
    with caplog.at_level(logging.WARNING):
        assert world.deliver("detect", push) == 429
    assert "Quota exceeded." in caplog.text
    said = world.frames(stream)[0]["analyses"]["text"]["error"]["message"]
    assert said == "Cloud Vision's quota is used up for now", "viewers read it"
    assert world.deliver("detect", push) == 200
    analyses = world.frames(stream)[0]["analyses"]
    assert [analysis["error"] for analysis in analyses.values()] == [None, None]
    assert analyses["logo"]["detections"][0]["label"] == "Nike"


@pytest.mark.parametrize("status", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL])
def test_a_vision_that_is_away_is_recorded_and_retried_once_per_delivery(world: World, status: grpc.StatusCode) -> None:
    stream = world.stream(f"away-{status.name.lower()}")
    world.vision.says(status)
    assert world.deliver("detect", frame(world, stream)) == 503
    assert len(world.vision.requests) == 1
    assert world.frames(stream)[0]["analyses"]["logo"]["error"]


@pytest.mark.parametrize(("code", "message"), [(3, "Bad image data."), (12, "Not here.")])
def test_an_image_that_vision_refuses_is_recorded_and_refused(
    world: World, code: int, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    stream = world.stream(f"refused-{code}")
    world.vision.says(fails(code, message))
    with caplog.at_level(logging.ERROR):
        assert world.deliver("detect", frame(world, stream)) == 422
    assert "dead-letter: " in caplog.text
    assert message in caplog.text
    assert world.frames(stream)[0]["analyses"]["logo"]["error"]["message"] == "Cloud Vision refuses", "viewers read it"


def test_a_frame_that_is_gone_is_acknowledged_and_leaves_nothing(world: World) -> None:
    stream = world.stream("vanished")
    world.vision.says(fails(5, "no such object"))
    assert world.deliver("detect", frame(world, stream)) == 200
    assert world.frames(stream) == {}


def test_a_frame_of_a_deleted_stream_is_acknowledged_without_a_call(world: World) -> None:
    stream = world.stream("dropped")
    push = frame(world, stream)
    delete_documents(stream, lambda: True)
    world.vision.says(seen())
    assert world.deliver("detect", push) == 200
    assert world.vision.requests == []


@pytest.mark.parametrize("metadata", [{}, {"width": "1280"}, {"width": "wide", "height": "720"}])
def test_a_frame_without_its_size_is_refused_without_a_call(world: World, metadata: dict[str, str]) -> None:
    stream = world.stream(f"sizeless-{len(metadata)}-{metadata.get('width', 'none')}")
    world.vision.says(seen())
    assert world.deliver("detect", frame(world, stream, metadata=metadata)) == 422
    assert world.vision.requests == []


def test_an_object_that_is_no_frame_is_refused(world: World) -> None:
    push = world.put("frames/readme.txt", b"hello", "text/plain", METADATA)
    assert world.deliver("detect", push) == 422


def test_a_stream_says_which_kinds_which_brands_and_from_which_confidence_on(world: World) -> None:
    stream = world.stream("choosy", kinds=(Kind.LOGO,), threshold={Kind.LOGO: 0.7}, brands=("nike",))
    world.db.document("brands/nike").set({"name": "Nike", "aliases": ["Swoosh"], "enabled": True})
    analysis_config.forget()
    world.vision.says(seen(logo("swoosh", 0.8), logo("BMW", 0.9), logo("Nike", 0.6)))
    assert world.deliver("detect", frame(world, stream)) == 200
    found = world.frames(stream)[0]
    assert found["kinds"] == ["logo"]
    assert [detection["label"] for detection in found["analyses"]["logo"]["detections"]] == ["Nike"]
    assert found["analyses"]["logo"]["threshold"] == 0.7
    assert found["analyses"]["logo"]["revision"] == analysis_config.of(stream).revision
