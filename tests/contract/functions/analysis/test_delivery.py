"""The functions as processes of their own, behind Google's Pub/Sub emulator: stored, announced, pushed, answered."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from google.cloud import pubsub_v1, storage
from google.cloud.vision_v1.types import AnnotateImageResponse, EntityAnnotation
from google.protobuf.duration_pb2 import Duration
from tests import owner
from tests.contract.functions.servers import ROOT, serving
from tests.contract.functions.world import SESSION, STARTED, World
from tests.servers import free_port
from tests.unit.sampling.clips import segment, still
from tests.wait import until

from emulator.emulators.google_emulators import pubsub as pubsub_command
from pipeline.cloud.objects import segment_metadata
from pipeline.domain import names
from pipeline.domain.model import Segment, SegmentRef

PROJECT = "test-project"
DEADLINE = 30.0


@dataclass
class Deployment:
    """A bucket whose events reach `sample` and `detect`; `dead` is what was given up."""

    bucket: storage.Bucket
    dead: Callable[[], Mapping[str, Any] | None]
    log: Callable[[str], list[dict[str, Any]]]


@pytest.fixture(scope="module")
def deployment(
    world: World, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    logs = tmp_path_factory.mktemp("deployment")
    pubsub_port, storage_port = free_port(), free_port()
    storage_url = f"http://127.0.0.1:{storage_port}"
    gcs = [
        sys.executable,
        "-m",
        "emulator.emulators.gcs",
        "--port",
        str(storage_port),
        "--pubsub",
        f"127.0.0.1:{pubsub_port}",
    ]
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        pubsub, _ = pubsub_command(pubsub_port, logs, print)
        stack.enter_context(serving(pubsub, pubsub_port, logs / "pubsub"))
        stack.enter_context(serving([*gcs, "--project", PROJECT], storage_port, logs / "gcs"))
        patch.setenv("PUBSUB_EMULATOR_HOST", f"127.0.0.1:{pubsub_port}")
        client = storage.Client(PROJECT, owner.credentials(), client_options={"api_endpoint": storage_url})
        bucket = client.create_bucket("media")
        topics = pubsub_v1.PublisherClient()
        subscriptions = pubsub_v1.SubscriberClient()
        dead = f"projects/{PROJECT}/topics/dead"
        topics.create_topic(name=dead)
        subscriptions.create_subscription(name=f"projects/{PROJECT}/subscriptions/dead", topic=dead)
        for target, topic, prefix in (("sample", "segments", names.SEGMENTS), ("detect", "frames", names.FRAMES)):
            port = free_port()
            command = [str(Path(sys.executable).with_name("functions-framework"))]
            command += ["--source", str(ROOT / "functions/main.py"), "--host", "127.0.0.1", "--port", str(port)]
            variables = {**environment, **owner.environment(storage_port), "FUNCTION_TARGET": target}
            stack.enter_context(serving(command, port, logs / target, **variables))
            path = f"projects/{PROJECT}/topics/{topic}"
            topics.create_topic(name=path)
            subscription = {
                "name": f"projects/{PROJECT}/subscriptions/{target}",
                "topic": path,
                "push_config": {"push_endpoint": f"http://127.0.0.1:{port}/{path}"},
                "ack_deadline_seconds": 60,
                "retry_policy": {"minimum_backoff": Duration(seconds=1), "maximum_backoff": Duration(seconds=1)},
                "dead_letter_policy": {"dead_letter_topic": dead, "max_delivery_attempts": 5},
            }
            subscriptions.create_subscription(request=subscription)
            wish = {"event_types": ["OBJECT_FINALIZE"], "payload_format": "JSON_API_V1", "blob_name_prefix": prefix}
            bucket.notification(topic, PROJECT, **wish).create()
        yield Deployment(bucket, lambda: pull(subscriptions), lambda target: entries(logs / target))


def pull(subscriptions: pubsub_v1.SubscriberClient) -> Mapping[str, Any] | None:
    path = f"projects/{PROJECT}/subscriptions/dead"
    for received in subscriptions.pull(subscription=path, max_messages=1, timeout=5).received_messages:
        subscriptions.acknowledge(subscription=path, ack_ids=[received.ack_id])
        return {"attributes": dict(received.message.attributes), "data": received.message.data}
    return None


def entries(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def upload(deployment: Deployment, name: str, data: bytes, metadata: Mapping[str, str]) -> None:
    blob = deployment.bucket.blob(name)
    blob.metadata = dict(metadata)
    blob.upload_from_string(data, content_type="video/mp2t")


def test_a_stored_segment_ends_as_detections_on_its_frames(world: World, deployment: Deployment) -> None:
    stream = world.stream("delivered")
    logo = EntityAnnotation(description="Nike", score=0.9)
    world.vision.says(lambda: AnnotateImageResponse(logo_annotations=[logo]))
    ref = SegmentRef(stream, SESSION, 0)
    described = segment_metadata(Segment(ref, 0.0, 2.0, STARTED))
    upload(deployment, names.segment_object(ref), segment([*still(1, 30), *still(2, 20)]), described)
    frames = until(lambda: all_analysed(world.frames(stream), 2), DEADLINE, "an analysis of both frames")
    assert {ms: frame["reason"] for ms, frame in frames.items()} == {0: "first", 1200: "cut"}
    for frame in frames.values():
        assert [found["label"] for found in frame["analyses"]["logo"]["detections"]] == ["Nike"]
    sampled = until(lambda: world.segment(stream, 0), DEADLINE, "the segment's document")
    assert sampled["frames"] == [0, 1200]


def test_a_message_that_can_never_succeed_ends_in_the_dead_letters_with_its_reason_in_the_log(
    world: World, deployment: Deployment
) -> None:
    stream = world.stream("undeliverable")
    name = names.segment_object(SegmentRef(stream, SESSION, 0))
    upload(deployment, name, b"no video", segment_metadata(Segment(SegmentRef(stream, SESSION, 0), 0.0, 2.0, STARTED)))
    dead = until(deployment.dead, DEADLINE, "a dead letter")
    assert dead["attributes"]["objectId"] == name
    refusals = [entry for entry in deployment.log("sample") if entry["message"].startswith("dead-letter: ")]
    assert len(refusals) == 5
    for refusal in refusals:
        assert refusal["severity"] == "ERROR"
        assert "MPEG-TS" in refusal["message"]
        assert refusal["logging.googleapis.com/labels"]["object"] == name


def test_a_quota_that_comes_back_is_waited_for(world: World, deployment: Deployment) -> None:
    stream = world.stream("patient")
    quota = AnnotateImageResponse(error={"code": 8, "message": "Quota exceeded."})
    world.vision.says(lambda: quota, lambda: quota, AnnotateImageResponse)
    ref = SegmentRef(stream, SESSION, 0)
    described = segment_metadata(Segment(ref, 0.0, 2.0, STARTED))
    upload(deployment, names.segment_object(ref), segment(still(1, 50)), described)
    frames = until(lambda: all_analysed(world.frames(stream), 1), DEADLINE, "an analysis of the frame")
    assert [analysis["error"] for analysis in frames[0]["analyses"].values()] == [None, None]
    assert len(world.vision.requests) == 3


def all_analysed(frames: dict[int, dict[str, Any]], count: int) -> dict[int, dict[str, Any]] | None:
    """The frames, once there are so many and each has been analysed without error."""
    analyses = [frame.get("analyses", {}) for frame in frames.values()]
    done = all(found and all(analysis["error"] is None for analysis in found.values()) for found in analyses)
    return frames if len(frames) == count and done else None
