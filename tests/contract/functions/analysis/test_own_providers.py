"""Providers that the configuration adds: no code, no restart, and a key that never comes out again."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import cv2
import pytest
from tests.contract.functions.asking import call
from tests.contract.functions.clip_double import ClipDouble, clip_double
from tests.contract.functions.pictures import METADATA, badge, scene
from tests.contract.functions.world import World

from pipeline.cloud import public_hosts
from pipeline.detection.settings import detection
from pipeline.documents import analysis_config, brands, references
from pipeline.domain import names
from pipeline.domain.model import Brand

KEY = "a-key-of-a-lan-worker"
FOUND = {"label": "acme", "confidence": 0.8, "box": {"x": 0.25, "y": 0.5, "width": 0.25, "height": 0.25}}


@pytest.fixture
def clip() -> Iterator[ClipDouble]:
    with clip_double() as double:
        yield double


@pytest.fixture(autouse=True)
def clean(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, value in (("DETECT_KINDS", "logo"), ("PROVIDER_SECRET", "of-these-tests")):
        monkeypatch.setenv(name, value)
    detection.cache_clear()
    _forget(world)
    brands.create(Brand("acme", "Acme"))
    yield
    detection.cache_clear()
    _forget(world)


def _forget(world: World) -> None:
    world.control.document(names.CONFIG).delete()
    analysis_config.publish()
    world.db.document(names.brand_path("acme")).delete()
    analysis_config.forget()


def add(world: World, own: dict[str, Any], expected: int = 200) -> Any:
    answer = call(world, "PATCH", "/config/analysis", {"own_providers": own})
    assert answer.status_code == expected, answer.text
    analysis_config.forget()
    return answer.json


def prefer(world: World, *providers: str) -> None:
    answer = call(world, "PATCH", "/config/analysis", {"providers": {"logo": list(providers)}})
    assert answer.status_code == 200, answer.text
    analysis_config.forget()


def look(world: World, stream: str, data: bytes = b"jpeg", expected: int = 200) -> dict[str, Any]:
    push = world.put(names.frame_object(world.frame(stream, 0)), data, "image/jpeg", METADATA)
    assert world.deliver("detect", push) == expected
    return world.frames(stream)[0]["analyses"]["logo"]


def test_a_worker_of_the_lan_is_added_and_looks_in_its_own_name_with_its_key(world: World, clip: ClipDouble) -> None:
    clip.found = [FOUND]
    stream = world.stream("lan")
    add(world, {"lan-worker": {"type": "clip", "address": clip.place, "model": "tiny", "key": KEY}})
    prefer(world, "lan-worker")
    analysis = look(world, stream)
    assert (analysis["provider"], analysis["model"], analysis["digest"]) == ("lan-worker", "tiny", "0123456789abcdef")
    assert [one["label"] for one in analysis["detections"]] == ["Acme"]
    assert clip.authorization == [f"Bearer {KEY}"]
    told = world.db.document("providers/lan-worker").get().to_dict() or {}
    assert told["state"] == "ok"


def test_its_key_is_in_no_answer_no_document_no_object_and_no_log(
    world: World, clip: ClipDouble, caplog: pytest.LogCaptureFixture
) -> None:
    own = {"lan-worker": {"type": "clip", "address": clip.place, "key": KEY}}
    with caplog.at_level(logging.DEBUG):
        said = [json.dumps(add(world, own))]
        prefer(world, "lan-worker")
        clip.status = 503
        look(world, world.stream("lan-fails"), expected=503)
        for path in ("/config/analysis", "/providers", "/providers/lan-worker/health", "/audit"):
            said.append(call(world, "GET", path).text)
    said += [str(one.to_dict()) for one in world.control.collection("config").stream()]
    said += [str(one.to_dict()) for one in world.control.collection("audit").stream()]
    said += [world.bucket.blob(names.CONFIG_OBJECT).download_as_text(), str(world.frames("lan-fails")), caplog.text]
    assert "lan-worker" in said[0] and "lan-worker" in said[-3]
    assert not [text for text in said if KEY in text]
    listed = {one["name"]: one for one in (call(world, "GET", "/providers").json or {})["providers"]}
    one = listed["lan-worker"]
    assert (one["type"], one["own"], one["has_key"], one["kinds"]) == ("clip", True, True, ["label", "logo"])
    assert (listed["vision"]["own"], listed["vision"]["has_key"]) == (False, False)
    config = (call(world, "GET", "/config/analysis").json or {})["config"]
    assert config["own_providers"] == {"lan-worker": {"type": "clip", "address": clip.place}}


def test_a_key_goes_to_the_address_that_it_was_given_for_alone(world: World, clip: ClipDouble) -> None:
    add(world, {"lan": {"type": "clip", "address": "http://10.0.0.5:8080", "key": KEY}})
    refused = add(world, {"lan": {"address": clip.place}}, 400)
    assert "must be given again" in refused["detail"]
    add(world, {"lan": {"address": clip.place, "key": None}})
    prefer(world, "lan")
    look(world, world.stream("moved"))
    assert clip.authorization == [None]


def test_another_model_than_the_one_that_is_wanted_is_refused(world: World, clip: ClipDouble) -> None:
    clip.found = [FOUND]
    add(world, {"large": {"type": "clip", "address": clip.place, "model": "openai/clip-vit-large-patch14"}})
    prefer(world, "large")
    analysis = look(world, world.stream("wrong-model"), expected=503)
    assert "tiny runs there" in analysis["error"]["message"]
    assert analysis["detections"] == []
    assert call(world, "GET", "/providers/large/health").status_code == 503


def test_a_stricter_gallery_keeps_less_than_the_gallery(world: World) -> None:
    references.add(brands.get("acme"), cv2.imencode(".png", badge())[1].tobytes())
    add(world, {"strict": {"type": "gallery", "threshold": 1.0}})
    for provider, kept in (("gallery", ["Acme"]), ("strict", [])):
        prefer(world, provider)
        analysis = look(world, world.stream(f"strictness-{provider}"), scene())
        assert (analysis["provider"], [one["label"] for one in analysis["detections"]]) == (provider, kept)


def test_an_own_provider_that_is_used_cannot_be_taken_away_and_one_that_is_not_can(
    world: World, clip: ClipDouble
) -> None:
    add(world, {"lan": {"type": "clip", "address": clip.place}})
    prefer(world, "lan", "gallery")
    assert "'lan' is none" in add(world, {"lan": None}, 400)["detail"]
    prefer(world, "gallery")
    assert add(world, {"lan": None})["config"]["own_providers"] == {}
    assert call(world, "GET", "/providers/lan").status_code in (404, 405)
    assert call(world, "GET", "/providers/lan/health").status_code == 404


def test_a_stream_may_choose_an_own_provider_that_there_is(world: World, clip: ClipDouble) -> None:
    stream = world.stream("chooses")
    body = {"settings": {"providers": {"logo": ["lan"]}}}
    refused = call(world, "PATCH", f"/streams/{stream}", body)
    assert (refused.status_code, "'lan' is none" in refused.text) == (400, True)
    add(world, {"lan": {"type": "clip", "address": clip.place}})
    assert call(world, "PATCH", f"/streams/{stream}", body).status_code == 200
    analysis_config.forget()
    assert look(world, stream)["provider"] == "lan"
    add(world, {"lan": None})
    other = world.put(names.frame_object(world.frame(stream, 1000)), b"jpeg", "image/jpeg", METADATA)
    world.deliver("detect", other)
    assert "there is no provider lan" in world.frames(stream)[1000]["analyses"]["logo"]["error"]["message"]


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ({"type": "clip", "address": "http://10.0.0.5:8080"}, "must be public"),
        ({"type": "clip", "address": "http://169.254.169.254"}, "must be public"),
        ({"type": "clip", "address": "http://localhost:9"}, "must be public"),
        ({"type": "clip", "address": "http://8.8.8.8", "key": KEY}, "must be https"),
    ],
)
def test_where_a_deployment_calls_public_hosts_alone_others_are_refused(
    world: World, own: dict[str, Any], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACES_PRIVATE", "false")
    detection.cache_clear()
    assert said in add(world, {"lan": own}, 400)["detail"]


def test_an_address_that_became_private_is_not_called(
    world: World, clip: ClipDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLACES_PRIVATE", "false")
    detection.cache_clear()
    monkeypatch.setattr(public_hosts, "check", lambda url: None)  # as if its name had led elsewhere then
    add(world, {"lan": {"type": "clip", "address": clip.place}})
    prefer(world, "lan")
    analysis = look(world, world.stream("rebound"), expected=503)
    assert analysis["error"]["message"] == "the CLIP service's address is not public", "viewers read it"
    assert clip.asked == []
