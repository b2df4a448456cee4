"""What /v1/detect sees, with a model that truly tells brands apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from flask.testing import FlaskClient
from google.cloud import storage
from tests import owner
from tests.contract.clip.conftest import BRANDS, NAMED, jpeg, with_mark
from tests.contract.gcs.emulators import running

from clip.detect import Texts, margins
from clip.proposals import cut
from emulator.sample.media.marks import CATALOG
from emulator.sample.tiny_clip import crops
from pipeline.cloud import clients

if TYPE_CHECKING:
    from clip.service import Service


def detect(client: FlaskClient, *images: dict[str, str], **fields: Any) -> list[list[dict[str, Any]]]:
    answer = client.post("/v1/detect", json={"images": list(images), "brands": BRANDS, **fields})
    assert answer.status_code == 200, answer.text
    return [result["detections"] for result in answer.json["results"]]


def test_crops_it_has_not_seen_are_told_apart_and_background_is_rejected(
    service: Service, marks: dict[str, np.ndarray], pictures: list[np.ndarray]
) -> None:
    names = [mark.brand for mark in CATALOG]
    source = crops.Source([marks[name] for name in names], [marks["nike"]], pictures)
    images, labels = crops.make(source, 600, service.model.side, seed=99)
    margin = margins(
        service.model.embed_images(images), Texts(service.model.embed_texts).of(NAMED), service.model.scale, len(NAMED)
    )
    sure = service.model.calibration.confidence(margin.max(axis=1)) >= 0.5
    named = labels >= 0
    assert (margin.argmax(axis=1) == labels)[named & sure].mean() > 0.8
    assert (margin.argmax(axis=1) == labels)[named].mean() > 0.7
    assert (~sure)[labels == crops.BACKGROUND].mean() > 0.8


def test_a_mark_is_named_where_it_is(
    client: FlaskClient, marks: dict[str, np.ndarray], pictures: list[np.ndarray]
) -> None:
    right = 0
    for number, (name, mark) in enumerate(marks.items()):
        image = with_mark(pictures[number % len(pictures)], mark, 400, 300, 150)
        width = 150 * mark.shape[1] / mark.shape[0]
        [found] = detect(client, jpeg(image), threshold=0.25)
        at = [d for d in found if inside(d["box"], 400 + width / 2, 375)]
        right += bool(at) and at[0]["label"] == name
    assert right >= 8, f"{right} of {len(marks)}"


def inside(box: dict[str, float], x: float, y: float) -> bool:
    return (
        box["x"] <= x / 1280 <= box["x"] + box["width"]
        and box["y"] <= y / 720 <= box["y"] + box["height"]
        and box["width"] < 0.5
    )


def test_pictures_without_a_mark_have_none(client: FlaskClient, pictures: list[np.ndarray]) -> None:
    found = [detect(client, jpeg(picture), threshold=0.9)[0] for picture in pictures]
    assert sum(bool(each) for each in found) <= 2


def test_a_threshold_of_nothing_shows_everything_once_per_place(client: FlaskClient, pictures: Any) -> None:
    [found] = detect(client, jpeg(pictures[0]), threshold=0)
    assert len(found) > 3
    assert found == sorted(found, key=lambda d: -d["confidence"])
    for each in found:
        assert set(each) == {"label", "confidence", "box"}
        assert all(0 <= side <= 1 for side in each["box"].values())


def test_prompts_are_looked_for_in_place_of_brands(client: FlaskClient, marks: Any, pictures: Any) -> None:
    image = with_mark(pictures[0], marks["starbucks"], 500, 250, 200)
    asked = {"images": [jpeg(image)], "prompts": ["the Starbucks logo", "the Shell logo"], "threshold": 0.0}
    answer = client.post("/v1/detect", json=asked)
    assert {d["label"] for d in answer.json["results"][0]["detections"]} <= {"the Starbucks logo", "the Shell logo"}


def test_several_images_are_answered_in_their_order(client: FlaskClient, marks: Any, pictures: Any) -> None:
    one = jpeg(with_mark(pictures[0], marks["mastercard"], 300, 200, 200))
    other = jpeg(pictures[1])
    assert detect(client, one, other) == [*detect(client, one), *detect(client, other)]


def test_a_picture_may_lie_in_the_media_bucket_and_nowhere_else(
    client: FlaskClient, pictures: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running("--memory") as emulator:
        for name, value in owner.environment(int(emulator.url.rpartition(":")[2])).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "test-project")
        monkeypatch.setenv("MEDIA_BUCKET", "media")
        clients.forget()
        bucket: storage.Bucket = emulator.client().create_bucket("media")
        data = cv2.imencode(".jpg", pictures[0])[1].tobytes()
        bucket.blob("frames/a/b/0000000000.jpg").upload_from_string(data)
        stored, sent = {"uri": "gs://media/frames/a/b/0000000000.jpg"}, jpeg(pictures[0])
        assert detect(client, stored, threshold=0) == detect(client, sent, threshold=0)
        missing = client.post("/v1/detect", json={"images": [{"uri": "gs://media/none.jpg"}], "brands": BRANDS})
        other = client.post("/v1/detect", json={"images": [{"uri": "gs://secrets/a.jpg"}], "brands": BRANDS})
    clients.forget()
    assert (missing.status_code, other.status_code) == (404, 400)


def test_images_and_texts_are_points_of_one_space(service: Service, marks: Any, pictures: Any) -> None:
    image = with_mark(pictures[0], marks["starbucks"], 560, 260, 200)
    crop = cut(image, np.array([[460, 160, 400, 400]], np.float32), service.model.side)
    texts = service.model.embed_texts(["the Starbucks logo", "the Shell logo"])
    rows = np.concatenate([service.model.embed_images(crop), texts])
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-3)
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
