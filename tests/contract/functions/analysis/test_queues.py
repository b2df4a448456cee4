"""Live before batch, by what is declared: the queues and functions of frames, each function a process of its own.

Nothing is timed: what came first is counted while what must not matter is held back.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import pytest
from google.cloud import pubsub_v1, storage
from google.cloud.vision_v1.types import (
    AnnotateImageResponse,
    BatchAnnotateImagesRequest,
    BatchAnnotateImagesResponse,
    EntityAnnotation,
)
from google.protobuf.duration_pb2 import Duration
from tests import owner
from tests.contract.functions.clip_double import ClipDouble, clip_double
from tests.contract.functions.pictures import METADATA
from tests.contract.functions.servers import ROOT, serving
from tests.contract.functions.world import SESSION, STARTED, World
from tests.servers import free_port
from tests.unit.infra.declared import declare
from tests.wait import until

from emulator.declaration.graph import Graph, Resource
from emulator.emulators.google_emulators import pubsub as pubsub_command
from pipeline.documents import brands
from pipeline.domain import names
from pipeline.domain.model import Brand, FrameRef, Kind

PROJECT = "test-project"
IMPORTED = names.import_session("uploads/queued/x/long.mp4", round(STARTED.timestamp() * 1e6))
FUNCTIONS = ("detect", "remote", "batch")
BACKLOG = 1000
PATIENCE = 60.0  # seconds, of a wait that ends a hang
DETECT_TIMEOUT = 50.0  # seconds: what is held back is held longer than a test looks


@dataclass
class GatedVision:
    """Answers at once, but for frames of imports: those are held until `open` is set, or fail at once."""

    address: str = ""
    fails: bool = False
    open: threading.Event = field(default_factory=threading.Event)
    live: list[str] = field(default_factory=list[str])
    batch: list[str] = field(default_factory=list[str])

    def answer(self, request: BatchAnnotateImagesRequest, context: grpc.ServicerContext) -> BatchAnnotateImagesResponse:
        [uri] = [one.image.source.gcs_image_uri for one in request.requests]
        if f"/{names.BATCH}" in uri:
            self.batch.append(uri)
            if self.fails:
                context.abort(grpc.StatusCode.UNAVAILABLE, "told to")
            self.open.wait(PATIENCE)
        else:
            self.live.append(uri)
        seen = AnnotateImageResponse(
            logo_annotations=[EntityAnnotation(description="Nike", score=0.9)],
            label_annotations=[EntityAnnotation(description="Sky", score=0.9)],
        )
        return BatchAnnotateImagesResponse(responses=[seen])

    def reset(self, *, fails: bool = False) -> None:
        self.live.clear()
        self.batch.clear()
        self.fails = fails
        self.open.clear()


@pytest.fixture(scope="module")
def gated() -> Iterator[GatedVision]:
    gate = GatedVision()
    server = grpc.server(ThreadPoolExecutor(64))
    handler = grpc.unary_unary_rpc_method_handler(
        gate.answer,
        request_deserializer=BatchAnnotateImagesRequest.deserialize,
        response_serializer=BatchAnnotateImagesResponse.serialize,
    )
    service = {"BatchAnnotateImages": handler}
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("google.cloud.vision.v1.ImageAnnotator", service),)
    )
    gate.address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    yield gate
    gate.open.set()
    server.stop(None).wait()


@pytest.fixture(scope="module")
def clip() -> Iterator[ClipDouble]:
    with clip_double() as double:
        yield double


@pytest.fixture(scope="module")
def bucket(
    environment: dict[str, str], gated: GatedVision, clip: ClipDouble, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[storage.Bucket]:
    """The media bucket, whose frames are announced to the functions as they are declared."""
    site, logs = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("queues")
    (site / "index.html").write_text("")
    graph = declare(site)
    pubsub_port, storage_port = free_port(), free_port()
    gcs = [sys.executable, "-m", "emulator.emulators.gcs", "--port", str(storage_port), "--memory"]
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:
        pubsub, _ = pubsub_command(pubsub_port, logs, print)
        stack.enter_context(serving(pubsub, pubsub_port, logs / "pubsub"))
        gcs += ["--pubsub", f"127.0.0.1:{pubsub_port}", "--project", PROJECT]
        stack.enter_context(serving(gcs, storage_port, logs / "gcs"))
        hosts = {"PUBSUB_EMULATOR_HOST": f"127.0.0.1:{pubsub_port}", "VISION_EMULATOR_HOST": gated.address}
        patch.setenv("PUBSUB_EMULATOR_HOST", hosts["PUBSUB_EMULATOR_HOST"])
        publisher = pubsub_v1.PublisherClient()
        for topic in graph.of("gcp:pubsub/topic:Topic"):
            publisher.create_topic(name=_topic(topic.outputs["name"]))
        variables = {**environment, **owner.environment(storage_port), **hosts, "CLIP_URL": clip.place}
        for function in [one for one in graph.of("Function") if one.name in FUNCTIONS]:
            port = free_port()
            stack.enter_context(_function(function, port, logs, variables))
            _subscribe(graph, function, port)
        address = {"api_endpoint": f"http://127.0.0.1:{storage_port}"}
        made = storage.Client(PROJECT, owner.credentials(), client_options=address).create_bucket("media")
        for one in graph.of("Notification"):
            wish = {"event_types": ["OBJECT_FINALIZE"], "payload_format": "JSON_API_V1"}
            if one.inputs["objectNamePrefix"].endswith("frames/"):
                topic = one.inputs["topic"].rpartition("/")[2]
                made.notification(topic, PROJECT, **wish, blob_name_prefix=one.inputs["objectNamePrefix"]).create()
        yield made
        gated.open.set()


def _topic(name: str) -> str:
    return f"projects/{PROJECT}/topics/{name}"


def _function(function: Resource, port: int, logs: Path, variables: dict[str, str]) -> Any:
    """The process of a declared function, with its declared number of threads and share of quotas."""
    declared = function.inputs["serviceConfig"]["environmentVariables"]
    own = {name: declared[name] for name in ("THREADS", "BATCH_INSTANCES") if name in declared}
    if "REMOTE_TOPIC" in declared:
        own["REMOTE_TOPIC"] = _topic(declared["REMOTE_TOPIC"].rpartition("/")[2])
    own |= {"FUNCTION_TARGET": function.inputs["buildConfig"]["entryPoint"], "DETECT_TIMEOUT": str(DETECT_TIMEOUT)}
    command = [str(Path(sys.executable).with_name("functions-framework"))]
    command += ["--source", str(ROOT / "functions/main.py"), "--host", "127.0.0.1", "--port", str(port)]
    return serving(command, port, logs / function.name, **variables, **own)


def _subscribe(graph: Graph, function: Resource, port: int) -> None:
    uri = function.outputs["serviceConfig"]["uri"]
    for one in graph.of("gcp:pubsub/subscription:Subscription"):
        push = one.inputs["pushConfig"]["pushEndpoint"]
        if push.startswith(f"{uri}/"):
            topic = _topic(one.inputs["topic"].rpartition("/")[2])
            pubsub_v1.SubscriberClient().create_subscription(
                request={
                    "name": f"projects/{PROJECT}/subscriptions/{one.outputs['name']}",
                    "topic": topic,
                    "push_config": {"push_endpoint": f"http://127.0.0.1:{port}/{topic}"},
                    "ack_deadline_seconds": int(one.inputs["ackDeadlineSeconds"]),
                    "retry_policy": {"minimum_backoff": Duration(seconds=1), "maximum_backoff": Duration(seconds=1)},
                }
            )


def put(bucket: storage.Bucket, stream: str, session: str, count: int) -> None:
    """Stores frames, each of which is an event."""

    def one(number: int) -> None:
        blob = bucket.blob(names.frame_object(FrameRef(stream, session, 1000 * number)))
        blob.metadata = dict(METADATA)
        blob.upload_from_string(b"jpeg", content_type="image/jpeg")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(count)))


def done(world: World, stream: str, session: str, kind: str) -> int:
    """Frames that have been analysed for a kind, without error."""
    found = world.db.collection(f"{names.session_path(stream, session)}/frames").stream()
    analyses = [((one.to_dict() or {}).get("analyses") or {}).get(kind) for one in found]
    return sum(one is not None and one.get("error") is None for one in analyses)


def test_no_live_frame_waits_behind_the_frames_of_an_import(
    world: World, bucket: storage.Bucket, gated: GatedVision
) -> None:
    gated.reset()
    stream = world.stream("queued", kinds=(Kind.LOGO,))
    put(bucket, stream, IMPORTED, BACKLOG)
    until(lambda: gated.batch, PATIENCE, "a call for the import, which is held")

    put(bucket, stream, SESSION, 20)
    until(lambda: done(world, stream, SESSION, "logo") == 20, PATIENCE, "results of all live frames")

    assert done(world, stream, IMPORTED, "logo") == 0, "all of the import still waits"
    assert len(gated.batch) <= 12, "no more of it is under way than its instances take"
    gated.open.set()
    until(lambda: done(world, stream, IMPORTED, "logo") > 20, PATIENCE, "results of the import")


def test_what_fails_for_an_import_opens_no_circuit_breaker_of_live_streams(
    world: World, bucket: storage.Bucket, gated: GatedVision
) -> None:
    gated.reset(fails=True)
    stream = world.stream("breaking", kinds=(Kind.LOGO,))
    status = world.db.document(names.provider_path("vision"))
    put(bucket, stream, IMPORTED, 20)
    until(lambda: ((status.get().to_dict() or {}).get("batch") or {}).get("state") == "open", PATIENCE, "open")

    put(bucket, stream, SESSION, 5)
    until(lambda: done(world, stream, SESSION, "logo") == 5, PATIENCE, "results of all live frames")

    assert (status.get().to_dict() or {})["state"] == "ok"
    assert len(gated.live) == 5
    assert done(world, stream, IMPORTED, "logo") == 0


def test_a_slow_provider_holds_back_no_result_of_another(
    world: World, bucket: storage.Bucket, gated: GatedVision, clip: ClipDouble
) -> None:
    gated.reset()
    clip.held.clear()
    brands.create(Brand("acme", "Acme"))
    asked = {Kind.LOGO: ("clip",), Kind.LABEL: ("vision",)}
    stream = world.stream("slow-clip", kinds=(Kind.LOGO, Kind.LABEL), providers=asked)

    put(bucket, stream, SESSION, 40)
    until(lambda: clip.asked, PATIENCE, "a question to CLIP, which is held")
    until(lambda: done(world, stream, SESSION, "label") == 40, PATIENCE, "all results of Vision")

    assert done(world, stream, SESSION, "logo") == 0
    clip.held.set()
    until(lambda: done(world, stream, SESSION, "logo") == 40, PATIENCE, "all results of CLIP")
    brands.delete("acme")
