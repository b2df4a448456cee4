"""The world around the functions: Firestore, storage and a Vision that says what a test tells it to."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import grpc
from flask import Flask
from google.cloud import firestore, storage
from google.cloud.vision_v1.types import AnnotateImageResponse, BatchAnnotateImagesRequest, BatchAnnotateImagesResponse
from werkzeug.test import Client

from pipeline.cloud import clients
from pipeline.cloud.events import ObjectEvent
from pipeline.cloud.objects import segment_metadata
from pipeline.documents import streams
from pipeline.domain import names
from pipeline.domain.errors import Conflict
from pipeline.domain.model import AnalysisSettings, FrameRef, Segment, SegmentRef, Stream
from pipeline.domain.people import Visibility
from pipeline.maintenance.removal import remove

STARTED = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SESSION = "20260504T120000Z-abcdef"

Answer = Callable[[], AnnotateImageResponse] | grpc.StatusCode


class FakeVision:
    """ImageAnnotator on a port of its own. `answers` are used up in order; the last one stays."""

    def __init__(self) -> None:
        self.requests: list[BatchAnnotateImagesRequest] = []
        self.answers: list[Answer] = []
        self._lock = threading.Lock()
        self._server = grpc.server(ThreadPoolExecutor(4))
        handler = grpc.unary_unary_rpc_method_handler(
            self._answer,
            request_deserializer=BatchAnnotateImagesRequest.deserialize,
            response_serializer=BatchAnnotateImagesResponse.serialize,
        )
        service = "google.cloud.vision.v1.ImageAnnotator"
        handlers = grpc.method_handlers_generic_handler(service, {"BatchAnnotateImages": handler})
        self._server.add_generic_rpc_handlers((handlers,))
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def says(self, *answers: Answer) -> None:
        """Forgets earlier requests, and answers so from now on."""
        with self._lock:
            self.requests.clear()
            self.answers[:] = answers

    def stop(self) -> None:
        self._server.stop(None).wait()

    def _answer(
        self, request: BatchAnnotateImagesRequest, context: grpc.ServicerContext
    ) -> BatchAnnotateImagesResponse:
        with self._lock:
            self.requests.append(request)
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, grpc.StatusCode):
            context.abort(answer, f"told to say {answer.name}")
        return BatchAnnotateImagesResponse(responses=[answer() for _ in request.requests])


@dataclass
class World:
    """One project with an empty bucket per test run; each test has a stream of its own."""

    db: firestore.Client
    bucket: storage.Bucket
    vision: FakeVision
    apps: Mapping[str, Flask]
    front: Flask
    published: list[tuple[str, ObjectEvent]] = field(default_factory=list[tuple[str, ObjectEvent]])
    _message: int = field(default=0)

    def note(self, topic: str, event: ObjectEvent) -> None:
        """Stands in for Pub/Sub where a workload announces an object itself."""
        self.published.append((topic, event))

    def pass_on(self, target: str) -> list[int]:
        """Delivers what was published to a function; its answers."""
        waiting, self.published[:] = list(self.published), []
        return [self.deliver(target, self._again(event)) for _, event in waiting]

    def _again(self, event: ObjectEvent) -> dict[str, Any]:
        return self.push(
            {
                "name": event.name,
                "bucket": event.bucket,
                "generation": str(event.generation),
                "size": str(event.size),
                "timeCreated": event.finalized_at.isoformat(),
                "metadata": dict(event.metadata),
            }
        )

    def api(self) -> Client:
        """A client of the API: paths begin under /api."""

        def application(environ: dict[str, Any], start: Any) -> Any:
            return self.front({**environ, "PATH_INFO": f"/api{environ['PATH_INFO']}"}, start)

        return Client(application)

    def stream(self, stream: str, **settings: Any) -> str:
        """A new stream; one of that name that another file of tests has left is removed first."""
        made = Stream(
            *(stream, stream.title()),
            settings=AnalysisSettings(**settings),
            created=STARTED,
            visibility=Visibility.PUBLIC,
        )
        try:
            streams.create(made, "key")
        except Conflict:
            assert remove(stream, 60)
            streams.create(made, "key")
        return stream

    def put_segment(self, stream: str, sequence: int, data: bytes, seconds: float = 2.0) -> dict[str, Any]:
        """Stores a segment; the push that announces it."""
        media_time = sequence * seconds
        when = datetime.fromtimestamp(STARTED.timestamp() + media_time, UTC)
        segment = Segment(SegmentRef(stream, SESSION, sequence), media_time, seconds, when)
        return self.put(names.segment_object(segment.ref), data, "video/mp2t", segment_metadata(segment))

    def put(self, name: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> dict[str, Any]:
        """Stores an object; the push that announces it."""
        blob = self.bucket.blob(name)
        blob.metadata = dict(metadata)
        blob.upload_from_string(data, content_type=content_type)
        return self.announce(name)

    def announce(self, name: str) -> dict[str, Any]:
        """The push that announces a stored object."""
        blob = self.bucket.get_blob(name)
        assert blob is not None
        return self.push(
            {
                "name": name,
                "bucket": blob.bucket.name,
                "generation": str(blob.generation),
                "size": str(blob.size),
                "timeCreated": blob.time_created.isoformat().replace("+00:00", "Z"),
                "metadata": blob.metadata,
            }
        )

    def push(self, payload: Mapping[str, Any]) -> dict[str, Any]:
        """A storage notification as Pub/Sub pushes it."""
        self._message += 1
        return {
            "subscription": "projects/test-project/subscriptions/test",
            "message": {
                "messageId": str(self._message),
                "publishTime": "2026-05-04T12:00:00Z",
                "data": base64.b64encode(json.dumps(payload).encode()).decode(),
                "attributes": {
                    "eventType": "OBJECT_FINALIZE",
                    "payloadFormat": "JSON_API_V1",
                    "bucketId": payload["bucket"],
                    "objectId": payload["name"],
                    "objectGeneration": payload["generation"],
                },
            },
        }

    @property
    def control(self) -> firestore.Client:
        """The database of keys, leases, quotas and the configuration."""
        return clients.control_client()

    def deliver(self, target: str, push: Mapping[str, Any]) -> int:
        """Delivers a push to a function; the HTTP status."""
        path = f"/projects/test-project/topics/{target}"
        return self.apps[target].test_client().post(path, json=push).status_code

    def segment(self, stream: str, sequence: int) -> dict[str, Any] | None:
        """A segment's document."""
        return self.db.document(names.segment_path(SegmentRef(stream, SESSION, sequence))).get().to_dict()

    def frames(self, stream: str) -> dict[int, dict[str, Any]]:
        """The documents of a stream's frames, by media_ms."""
        found = self.db.collection(f"{names.session_path(stream, SESSION)}/frames").stream()
        return {int(snapshot.id): snapshot.to_dict() or {} for snapshot in found}

    def stored(self, prefix: str) -> dict[str, storage.Blob]:
        """The objects under a prefix."""
        return {blob.name: blob for blob in self.bucket.list_blobs(prefix=prefix)}

    def frame(self, stream: str, media_ms: int) -> FrameRef:
        """A frame of the test's session."""
        return FrameRef(stream, SESSION, media_ms)


def start_session(stream: str, session: str, started: datetime, **facts: Any) -> None:
    """Writes the document of a session, as its publisher does. `started` is the program date time of media time 0."""
    known = {"started": started, "ended": None, "playlist": names.live_playlist(stream, session), **facts}
    streams.update_session(stream, session, **known)
