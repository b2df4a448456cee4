"""A local stack whose Cloud Vision and Speech-to-Text are Google's own: what reaches them, and what comes of it.

Google is a double behind a proxy (tests.googleapis): the workloads call the real host names over TLS.
"""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from google.cloud.speech_v2.types import RecognizeRequest, RecognizeResponse
from google.cloud.vision_v1.types import (
    AnnotateImageResponse,
    BatchAnnotateImagesRequest,
    BatchAnnotateImagesResponse,
    BoundingPoly,
    EntityAnnotation,
    Feature,
    Vertex,
)
from tests.e2e.helpers.follow import analysed
from tests.e2e.helpers.gone import assert_gone, processes
from tests.googleapis import TOKEN, Google, google
from tests.unit.speech.spoken import beeps, clip
from tests.wait import until

from emulator.declaration.endpoints import Endpoints
from emulator.paths import stack_paths
from emulator.sample import streams
from emulator.stack import control
from emulator.stack.state import State
from pipeline.cloud import clients
from sender import Push

pytestmark = pytest.mark.stack
NAME, STREAM = f"cloud-{os.getpid()}", "real"
JPEG = b"\xff\xd8\xff"


def annotate(asked: BatchAnnotateImagesRequest) -> BatchAnnotateImagesResponse:
    corners = [Vertex(x=x, y=y) for x, y in ((10, 10), (110, 10), (110, 60), (10, 60))]
    logo = EntityAnnotation(description="Acme", score=0.9, bounding_poly=BoundingPoly(vertices=corners))
    return BatchAnnotateImagesResponse(responses=[AnnotateImageResponse(logo_annotations=[logo])] * len(asked.requests))


def recognise(_: RecognizeRequest) -> RecognizeResponse:
    word = {"word": "hello", "start_offset": timedelta(seconds=0.5), "end_offset": timedelta(seconds=0.9)}
    return RecognizeResponse(results=[{"alternatives": [{"transcript": "hello", "words": [word]}]}])


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Google]:
    with google(tmp_path_factory.mktemp("google"), annotate, recognise) as running:
        yield running


@pytest.fixture(scope="module")
def laptop(double: Google) -> Iterator[Endpoints]:
    """The stack, started by a person who has signed in."""
    with pytest.MonkeyPatch.context() as shell:
        for name, value in {**double.variables, "VISION": "cloud", "SPEECH": "cloud"}.items():
            shell.setenv(name, value)
        shell.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(double.person("adc.json")))
        endpoints = control.start(NAME)
        for name, value in endpoints.env().items():
            shell.setenv(name, value)
        clients.forget()
        try:
            yield endpoints
        finally:
            clients.forget()
            if control.find(NAME):
                control.stop(NAME)
            shutil.rmtree(stack_paths(NAME).base)


@pytest.fixture(scope="module")
def analyses(laptop: Endpoints, tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, Any]]:
    """By media time, of each frame of a clip in which something beeps, once everything is analysed."""
    film = clip(tmp_path_factory.mktemp("film") / "c.ts", beeps(6, 0.5, 1.4, 2.5, 4.5))
    key = streams.recreate(laptop, STREAM, "Real")
    streams.ask(laptop, "PATCH", f"/streams/{STREAM}", {"settings": {"speech": {"enabled": True}}})
    push = Push(str(film), streams.address(laptop, STREAM), key)
    push.start()
    push.join(60)
    return {media_ms: frame.fields["analyses"] for media_ms, frame in analysed(STREAM).frames.items()}


def test_frames_go_inline_over_tls_in_the_persons_name(analyses: dict[int, dict[str, Any]], double: Google) -> None:
    calls = double.of("vision.googleapis.com")
    assert len(calls) >= len(analyses) > 0
    for call in calls:
        assert call.headers["authorization"] == f"Bearer {TOKEN}"
        assert call.headers["x-goog-user-project"] == "my-project"
        [asked] = call.request.requests
        assert asked.image.content.startswith(JPEG)
        assert not asked.image.source.gcs_image_uri
        assert [feature.type_ for feature in asked.features] == [
            Feature.Type.LOGO_DETECTION,
            Feature.Type.TEXT_DETECTION,
        ]
        assert asked.image_context.text_detection_params.enable_text_detection_confidence_score
    assert "vision.googleapis.com:443" in double.tunnels


def test_what_google_saw_is_on_the_frames(analyses: dict[int, dict[str, Any]]) -> None:
    for of_frame in analyses.values():
        assert of_frame["logo"]["provider"] == "vision"
        assert [one["label"] for one in of_frame["logo"]["detections"]] == ["Acme"]


def test_sound_goes_to_the_persons_own_project(
    analyses: dict[int, dict[str, Any]], laptop: Endpoints, double: Google
) -> None:
    def words() -> list[str]:
        found = clients.firestore_client().collection_group("transcripts").stream()
        return [word["text"] for one in found for word in (one.to_dict() or {})["words"]]

    assert "hello" in until(words, 60, "a transcript")
    for call in double.of("speech.googleapis.com"):
        assert call.headers["authorization"] == f"Bearer {TOKEN}"
        assert call.request.recognizer == "projects/my-project/locations/global/recognizers/_"


def test_a_preview_asks_google_with_the_frame_too(
    analyses: dict[int, dict[str, Any]], laptop: Endpoints, double: Google
) -> None:
    [session] = streams.ask(laptop, "GET", f"/streams/{STREAM}/sessions")["sessions"]
    before = len(double.of("vision.googleapis.com"))
    shown = streams.ask(
        laptop, "POST", f"/streams/{STREAM}/sessions/{session['id']}/preview", {"media_ms": min(analyses)}
    )
    assert [one["label"] for one in shown["preview"]["detections"]] == ["Acme"]
    [call] = double.of("vision.googleapis.com")[before:]
    assert call.request.requests[0].image.content.startswith(JPEG)


def test_nothing_but_google_was_asked_for_through_the_proxy(
    analyses: dict[int, dict[str, Any]], double: Google
) -> None:
    assert set(double.tunnels) <= {f"{name}.googleapis.com:443" for name in ("vision", "speech", "oauth2")}


def test_the_page_and_the_console_say_that_google_answers(
    analyses: dict[int, dict[str, Any]], laptop: Endpoints
) -> None:
    provider = streams.ask(laptop, "GET", "/providers/vision/info")["provider"]
    assert (provider["device"], provider["state"]) == ("Google", "ok")
    state = control.find(NAME)
    assert isinstance(state, State)
    for service in ("vision", "speech"):
        shown = state.resources[f"google/{service}"]
        assert "billed to my-project" in shown.detail
        assert f"emulator/{service}" not in state.resources


def test_a_killed_supervisor_takes_everything_with_it(laptop: Endpoints) -> None:
    """The last one here: another start of a stack would take as long as all that is above."""
    state = control.find(NAME)
    assert isinstance(state, State)
    running, ports = processes(state), [one.port for one in state.resources.values() if one.port]
    assert len(running) > 8
    os.kill(state.pid, signal.SIGKILL)
    assert_gone(running, ports)
    assert control.find(NAME) is None
