"""What the provider `vision` of the pipeline makes of the emulator's answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.contract.serving import Emulator
from tests.contract.vision.conftest import Storage
from tests.contract.vision.pictures import encoded, photograph, with_words

from emulator.emulators.vision.admin import set_limits
from pipeline.cloud import clients
from pipeline.detection.base import DetectRequest, Image
from pipeline.detection.vision import VisionDetector
from pipeline.domain.errors import Poison, QuotaExceeded
from pipeline.domain.model import Kind


@pytest.fixture
def frame(emulator: Emulator, storage: Storage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Image]:
    monkeypatch.setenv("VISION_EMULATOR_HOST", emulator.address)
    clients.forget()
    storage.put("frames/astronaut.png", encoded(photograph("astronaut")))
    yield Image("media", "frames/astronaut.png", 1, 512, 512)
    set_limits(emulator.address, {"quota": None})
    clients.forget()


def test_objects_labels_and_faces_are_detections_with_boxes_in_the_frame(frame: Image) -> None:
    kinds = (Kind.OBJECT, Kind.LABEL, Kind.FACE)
    analyses = VisionDetector().detect(frame, DetectRequest(kinds, (), 0.5))
    assert [analysis.kind for analysis in analyses] == list(kinds)
    [person], [label], [face] = (analysis.detections for analysis in analyses)
    assert (person.label, label.label, face.label) == ("Person", "Person", "Face")
    assert label.box is None
    assert person.box is not None
    assert face.box is not None
    assert (face.box.x, face.box.y, face.box.width, face.box.height) == pytest.approx(
        (0.34, 0.13, 0.21, 0.21), abs=0.03
    )
    assert person.box.x < face.box.x < face.box.x + face.box.width < person.box.x + person.box.width


def test_lines_of_text_come_with_the_confidence_that_a_threshold_is_compared_with(
    frame: Image, storage: Storage
) -> None:
    storage.put("frames/words.png", with_words())
    [text] = VisionDetector().detect(
        Image("media", "frames/words.png", 1, 1280, 720), DetectRequest((Kind.TEXT,), (), 0.5)
    )
    assert [line.label for line in text.detections] == ["Hello World", "FINAL LAP 2026"]
    assert all(0.5 < line.confidence < 1 for line in text.detections)


def test_beyond_the_quota_is_later_and_what_is_not_emulated_is_never(frame: Image, emulator: Emulator) -> None:
    with pytest.raises(Poison, match="SAFE_SEARCH_DETECTION is not emulated"):
        VisionDetector().detect(frame, DetectRequest((Kind.SAFE_SEARCH,), (), 0.5))
    set_limits(emulator.address, {"quota": 0})
    with pytest.raises(QuotaExceeded, match="Quota exceeded"):
        VisionDetector().detect(frame, DetectRequest((Kind.OBJECT,), (), 0.5))
