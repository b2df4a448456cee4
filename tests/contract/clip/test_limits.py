"""What is refused, and how: a full service, and requests that make no sense."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from tests.contract.clip.conftest import BRANDS, jpeg
from tests.measured import measuring

from clip.settings import Clip

if TYPE_CHECKING:
    from clip.service import Service

GREY = jpeg(np.full((60, 80, 3), 128, np.uint8))


def sample(client: FlaskClient, name: str, **labels: str) -> float:
    """A metric, as Prometheus reads it."""
    families = text_string_to_metric_families(client.get("/metrics").text)
    return sum(
        s.value for family in families for s in family.samples if s.name == name and labels.items() <= s.labels.items()
    )


def test_a_full_service_says_so_at_once_and_when_to_come_back(client: FlaskClient, service: Service) -> None:
    body = {"images": [GREY], "brands": BRANDS}
    with service.admission.of(16):
        assert client.get("/info").json["queue"] == 16
        refused = client.post("/v1/detect", json=body)
        assert client.get("/health").status_code == 200
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert client.post("/v1/detect", json=body).status_code == 200
    assert sample(client, "clip_requests_total", route="/v1/detect", status="429") >= 1


def test_a_refused_request_holds_no_place(client: FlaskClient, service: Service) -> None:
    assert client.post("/v1/detect", json={"images": [{"content": "AAAA"}], "brands": BRANDS}).status_code == 400
    assert service.admission.inside == 0


def test_requests_at_the_same_time_share_batches(client: FlaskClient, service: Service) -> None:
    body = {"images": [GREY], "brands": BRANDS, "threshold": 0}
    alone = client.post("/v1/detect", json=body).json["results"][0]["detections"]
    before, crops = sample(client, "clip_batch_crops_count"), sample(client, "clip_batch_crops_sum")
    with ThreadPoolExecutor(8) as pool:
        app = client.application
        answers = list(pool.map(lambda _: app.test_client().post("/v1/detect", json=body), range(8)))
    for answer in answers:
        found = answer.json["results"][0]["detections"]
        assert [(one["label"], one["box"]) for one in found] == [(one["label"], one["box"]) for one in alone]
        assert [one["confidence"] for one in found] == pytest.approx([one["confidence"] for one in alone], abs=1e-3)
    assert sample(client, "clip_batch_crops_count") - before <= 8
    assert sample(client, "clip_batch_crops_sum") > crops


def test_cloud_monitoring_is_told_what_prometheus_reads(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOOGLE_CLOUD_PROJECT", "MEDIA_BUCKET"):
        monkeypatch.setenv(name, "acme-video")
    detect = {"route": "/v1/detect"}
    names: dict[str, tuple[str, dict[str, str]]] = {
        "clip_requests": ("clip_requests_total", detect),
        "clip_request_seconds": ("clip_request_seconds_count", detect),
        "clip_batch_crops": ("clip_batch_crops_count", {}),
        "clip_model_seconds": ("clip_model_seconds_count", {}),
        "clip_detections": ("clip_detections_total", {}),
    }
    before = {name: sample(client, read, **labels) for name, (read, labels) in names.items()}
    with measuring() as measured:
        client.post("/v1/detect", json={"images": [GREY, GREY], "brands": BRANDS, "threshold": 0})
        client.post("/v1/detect", json={"images": []})
        told = {name: measured.total(name, **labels) for name, (_, labels) in names.items()}
        assert measured.total("clip_images_seen") == 2
        assert measured.total("clip_requests", **detect, status="400") == 1
    assert min(told.values()) > 0
    assert told == {name: sample(client, read, **labels) - before[name] for name, (read, labels) in names.items()}


BODIES: list[tuple[Any, str]] = [
    ([], "JSON object"),
    ({"images": [GREY]}, "'brands' or 'prompts'"),
    ({"images": [GREY], "brands": BRANDS, "prompts": ["a"]}, "'brands' or 'prompts'"),
    ({"images": [], "brands": BRANDS}, "'images'"),
    ({"images": [GREY] * 17, "brands": BRANDS}, "'images'"),
    ({"images": [{}], "brands": BRANDS}, "images[0]"),
    ({"images": [{"content": 5}], "brands": BRANDS}, "images[0]"),
    ({"images": [{"content": "é"}], "brands": BRANDS}, "base64"),
    ({"images": [{"content": "AAAA"}], "brands": BRANDS}, "invalid picture"),
    ({"images": [{"uri": "https://example.com/a.jpg"}], "brands": BRANDS}, "images[0].uri"),
    ({"images": [GREY], "brands": []}, "'brands'"),
    ({"images": [GREY], "brands": [{"name": "x"}]}, "brands[0]"),
    ({"images": [GREY], "brands": [{"id": "x", "prompts": [""]}]}, "brands[0].prompts"),
    ({"images": [GREY], "prompts": ["x"], "threshold": 2}, "threshold"),
    ({"images": [GREY], "prompts": ["x"], "thresold": 0.5}, "thresold"),
]


@pytest.mark.parametrize(("body", "said"), BODIES)
def test_a_request_that_makes_no_sense_is_told_why(client: FlaskClient, body: Any, said: str) -> None:
    answer = client.post("/v1/detect", json=body)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert said in answer.json["detail"]


def test_a_picture_of_one_pixel_is_looked_at(client: FlaskClient) -> None:
    tiny = jpeg(np.full((1, 1, 3), 128, np.uint8))
    answer = client.post("/v1/detect", json={"images": [tiny], "brands": BRANDS})
    assert answer.status_code == 200


def test_a_model_that_is_no_clip_and_a_queue_that_is_too_short_are_refused_at_the_start() -> None:
    from clip.service import Service

    with pytest.raises(ValueError, match="CLIP_QUEUE"):
        Clip(queue=4)
    with pytest.raises(OSError, match="no-such-model"):
        Service(Clip(model="/no-such-model"))
