"""The provider `local` on photographs and drawings: real models, no service."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from tests.contract.vision.pictures import encoded, photograph, with_words

from pipeline.detection.base import DetectRequest, Image
from pipeline.detection.local import LocalDetector
from pipeline.domain.errors import Poison
from pipeline.domain.model import Analysis, Kind
from pipeline.domain.providers import PROVIDERS


@pytest.fixture(scope="module")
def detector() -> LocalDetector:
    return LocalDetector()


def look(detector: LocalDetector, data: bytes, *kinds: Kind) -> dict[Kind, Analysis]:
    frame = Image("media", "frames/a/b/0.jpg", 1, 1280, 720)
    frame.__dict__["data"] = data  # as if it had been read
    return {one.kind: one for one in detector.detect(frame, DetectRequest(kinds, (), 0.5))}


def test_a_person_is_an_object_a_label_and_a_face_with_boxes_in_the_frame(detector: LocalDetector) -> None:
    found = look(detector, encoded(photograph("astronaut")), Kind.OBJECT, Kind.LABEL, Kind.FACE)
    [person], [label], [face] = (found[kind].detections for kind in (Kind.OBJECT, Kind.LABEL, Kind.FACE))
    assert (person.label, label.label, face.label) == ("Person", "Person", "Face")
    assert person.box and face.box and label.box is None
    where = (face.box.x, face.box.y, face.box.width, face.box.height)
    assert where == pytest.approx((0.34, 0.13, 0.21, 0.21), abs=0.03)
    assert person.box.x < face.box.x < face.box.x + face.box.width < person.box.x + person.box.width


def test_lines_of_text_are_read_with_confidence_and_box(detector: LocalDetector) -> None:
    [first, second] = look(detector, with_words(), Kind.TEXT)[Kind.TEXT].detections
    assert (first.label, second.label) == ("Hello World", "FINAL LAP 2026")
    assert 0.5 < min(first.confidence, second.confidence) <= 1
    assert first.box and second.box
    assert first.box.y + first.box.height < second.box.y
    assert 0.1 < first.box.x < 0.2


def test_each_analysis_says_who_and_what_looked(detector: LocalDetector) -> None:
    found = look(detector, with_words(), Kind.LOGO, Kind.TEXT, Kind.OBJECT)
    assert {one.provider for one in found.values()} == {"local"}
    models = {kind: one.model for kind, one in found.items()}
    assert models == {Kind.LOGO: "shape-sift", Kind.TEXT: "pp-ocr", Kind.OBJECT: "nanodet-g"}
    assert set(models.values()) <= set(detector.info.model.split(", "))
    digests = {one.digest for one in found.values()}
    assert len(digests) == 3
    assert all(re.fullmatch("[0-9a-f]{16}", digest or "") for digest in digests)


def test_it_looks_for_every_kind_that_it_claims(detector: LocalDetector) -> None:
    kinds = PROVIDERS["local"].kinds
    assert set(look(detector, with_words(), *kinds)) == kinds == set(Kind) - {Kind.SAFE_SEARCH}


def test_what_is_no_picture_is_refused_for_good(detector: LocalDetector) -> None:
    with pytest.raises(Poison, match="cannot be read as a picture"):
        look(detector, b"jpeg", Kind.OBJECT)


def test_its_models_are_loaded_when_a_frame_asks_for_them() -> None:
    made = "import json, sys; from pipeline.detection.local import LocalDetector; LocalDetector()"
    command = [sys.executable, "-c", f"{made}; print(json.dumps([*sys.modules]))"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not {"onnxruntime", "rapidocr"} & {*json.loads(done.stdout)}
