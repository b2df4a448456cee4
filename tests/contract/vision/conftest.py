from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import cv2
import grpc
import pytest
from google.cloud import vision
from google.cloud.vision_v1.services.image_annotator.transports import ImageAnnotatorGrpcTransport
from grpc_health.v1 import health_pb2, health_pb2_grpc
from tests.unit.logos.drawn_marks import BRANDS, with_alpha

ROOT = Path(__file__).parents[3]


@dataclass
class Storage:
    """A tiny object store that answers media downloads of the JSON API, and remembers how it was asked."""

    endpoint: str
    objects: dict[str, bytes]
    statuses: dict[str, int] = field(default_factory=dict)

    def put(self, name: str, data: bytes) -> str:
        """Stores an object; returns its gs:// address."""
        self.objects[f"media/{name}"] = data
        return f"gs://media/{name}"


@dataclass
class Emulator:
    """A running emulator."""

    address: str
    process: subprocess.Popen[bytes]


@pytest.fixture(scope="session")
def storage() -> Iterator[Storage]:
    objects: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path).path.split("/")  # /download/storage/v1/b/BUCKET/o/OBJECT
            name = f"{unquote(parts[5])}/{unquote(parts[7])}"
            status = store.statuses.get(name, 200 if name in objects else 404)
            self.send_response(status)
            self.end_headers()
            if status == 200:
                self.wfile.write(objects[name])

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store = Storage(f"http://127.0.0.1:{server.server_port}", objects)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield store
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marks")
    index: dict[str, object] = {}
    for brand in BRANDS:
        cv2.imwrite(str(folder / f"{brand}.png"), with_alpha(brand))
        index[brand.lower()] = {"name": brand, "aliases": [], "files": [f"{brand}.png"]}
    (folder / "marks.json").write_text(json.dumps(index))
    return folder


def start(marks: Path, endpoint: str, port: int = 0) -> Emulator:
    """The emulator as the stack runs it, ready. Port 0: the system's choice, read from the log."""
    roots = os.pathsep.join(str(ROOT / folder) for folder in ("local-emulator", "functions"))
    command = [sys.executable, "-m", "emulator.vision", "--port", str(port), "--marks", str(marks)]
    process = subprocess.Popen(
        [*command, "--storage-endpoint", endpoint], env={**os.environ, "PYTHONPATH": roots}, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    line = process.stderr.readline().decode()
    assert "serving on" in line, line
    threading.Thread(target=process.stderr.read, daemon=True).start()  # so that the pipe never fills
    address = line.rsplit(" ", 1)[1].strip()
    with grpc.insecure_channel(address) as channel:
        answer = health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(), timeout=5)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING
    return Emulator(address, process)


@pytest.fixture(scope="session")
def emulator(marks: Path, storage: Storage) -> Iterator[Emulator]:
    running = start(marks, storage.endpoint)
    yield running
    running.process.terminate()
    assert running.process.wait(10) == 0


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> Iterator[vision.ImageAnnotatorClient]:
    with grpc.insecure_channel(emulator.address) as channel:
        yield vision.ImageAnnotatorClient(transport=ImageAnnotatorGrpcTransport(channel=channel))
