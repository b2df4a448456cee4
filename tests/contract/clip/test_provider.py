"""The providers `clip` and `owl` ask the service over HTTP, as `remote` does, and give each kind its analysis."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from tests.contract.clip.conftest import TINY_OWL, with_mark
from werkzeug.serving import make_server

from emulator.sample.media.marks import CATALOG
from pipeline.detection import owl
from pipeline.detection.base import DetectRequest, Image
from pipeline.detection.clip import ClipDetector
from pipeline.detection.owl import OwlDetector
from pipeline.detection.service.client import fetch_info
from pipeline.detection.settings import detection
from pipeline.domain.errors import Unavailable
from pipeline.domain.model import Analysis, Brand, Kind
from pipeline.domain.providers import Called

if TYPE_CHECKING:
    from clip.service import Service

BRANDS = tuple(Brand(mark.brand, mark.name) for mark in CATALOG)
WORDS = {Kind.OBJECT: ("car", "person"), Kind.LABEL: ("stadium", "street")}


@pytest.fixture(scope="module")
def place(service: Service) -> Iterator[str]:
    from clip.app import create_app

    server = make_server("127.0.0.1", 0, create_app(service), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLACES_PRIVATE", "1")
        detection.cache_clear()
        yield f"http://127.0.0.1:{server.port}"
    detection.cache_clear()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def frame(pictures: list[np.ndarray], marks: dict[str, np.ndarray]) -> Image:
    image = Image("media", "frames/a/b/0000000000.jpg", 1, 1280, 720)
    shown = with_mark(pictures[0], marks["starbucks"], 500, 250, 200)
    image.__dict__["data"] = cv2.imencode(".jpg", shown)[1].tobytes()
    return image


def asked(detector: Any, frame: Image, *kinds: Kind, brands: tuple[Brand, ...] = BRANDS) -> dict[Kind, Analysis]:
    return {one.kind: one for one in detector.detect(frame, DetectRequest(kinds, brands, 0.01, WORDS))}


def test_clip_answers_logos_with_boxes_and_scenes_without(place: str, frame: Image) -> None:
    found = asked(ClipDetector(Called("clip", "clip", place)), frame, Kind.LOGO, Kind.LABEL)
    logos, scenes = found[Kind.LOGO], found[Kind.LABEL]
    assert "starbucks" in {one.label for one in logos.detections}
    assert all(one.box for one in logos.detections)
    assert {one.label for one in scenes.detections} <= set(WORDS[Kind.LABEL])
    assert all(one.box is None and one.kind is Kind.LABEL for one in scenes.detections)
    assert (logos.device, logos.digest) == (scenes.device, scenes.digest) == ("cpu", logos.digest)


def test_a_kind_that_was_not_asked_for_costs_nothing(place: str, frame: Image) -> None:
    assert list(asked(ClipDetector(Called("clip", "clip", place)), frame, Kind.LABEL, brands=())) == [Kind.LABEL]
    assert asked(OwlDetector(Called("owl", "owl", "http://nowhere.test")), frame, Kind.LOGO, brands=())


def test_owl_finds_objects_by_words_and_logos_by_their_marks(
    place: str, frame: Image, marks: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"brands/{name}/a.png": cv2.imencode(".png", image)[1].tobytes() for name, image in marks.items()}
    read: list[str] = []
    monkeypatch.setattr(owl, "_file", lambda name: (read.append(name), files[name])[1])
    brands = (Brand("nike", "Nike", references=("brands/nike/a.png",)), Brand("acme", "Acme"))
    detector = OwlDetector(Called("owl", "owl", place))
    found = asked(detector, frame, Kind.OBJECT, Kind.LOGO, brands=brands)
    objects, logos = found[Kind.OBJECT], found[Kind.LOGO]
    assert objects.detections and logos.detections
    assert {one.label for one in objects.detections} <= set(WORDS[Kind.OBJECT])
    assert {one.label for one in logos.detections} <= {"nike", "acme"}
    assert all(one.box for one in (*objects.detections, *logos.detections))
    assert (objects.model, objects.provider) == (str(TINY_OWL), "owl")
    assert asked(detector, frame, Kind.LOGO, brands=brands)[Kind.LOGO].detections == logos.detections
    assert read == ["brands/nike/a.png"], "a mark is read once"


def test_each_provider_says_which_model_runs(place: str) -> None:
    assert fetch_info(Called("owl", "owl", place)).model == str(TINY_OWL)
    assert fetch_info(Called("clip", "clip", place)).model != str(TINY_OWL)


def test_another_model_than_wanted_is_refused(place: str, frame: Image) -> None:
    with pytest.raises(Unavailable, match="the configuration wants other/model"):
        asked(ClipDetector(Called("lan", "clip", place, "other/model")), frame, Kind.LABEL)
