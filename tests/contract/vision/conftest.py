from __future__ import annotations

import json
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
from tests.contract import serving
from tests.contract.serving import Emulator
from tests.unit.logos.drawn_marks import BRANDS, with_alpha


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


def start(marks: Path, endpoint: str) -> Emulator:
    """The emulator as the stack runs it, ready."""
    return serving.start("emulator.emulators.vision", "--marks", str(marks), "--storage-endpoint", endpoint)


@pytest.fixture(scope="session")
def emulator(marks: Path, storage: Storage) -> Iterator[Emulator]:
    running = start(marks, storage.endpoint)
    yield running
    running.process.terminate()
    assert running.process.wait(60) == 0


@pytest.fixture(scope="session")
def client(emulator: Emulator) -> Iterator[vision.ImageAnnotatorClient]:
    with grpc.insecure_channel(emulator.address) as channel:
        yield vision.ImageAnnotatorClient(transport=ImageAnnotatorGrpcTransport(channel=channel))
