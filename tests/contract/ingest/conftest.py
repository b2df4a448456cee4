"""The ingest service under gunicorn, as its container runs it, against emulators of storage and Firestore."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from google.cloud import firestore, storage
from tests import owner
from tests.contract.ingest.pushing import Encoder, cut
from tests.servers import await_listening, free_port
from tests.unit.ingest.clips import Clip, ffmpeg_remux, make_clip
from werkzeug.serving import make_server

from emulator.emulators.google_emulators import firestore as firestore_command
from front.control import callers
from front.control import routes as control
from front.settings import front as front_settings
from pipeline.cloud import clients
from pipeline.control import client
from pipeline.documents import streams
from pipeline.domain import keys
from pipeline.domain.model import Stream

ROOT = Path(__file__).parents[3]
PATHS = os.pathsep.join(str(ROOT / folder) for folder in ("runner", "functions", "local-emulator"))


def start(
    command: Sequence[str], port: int, log: Path, environ: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """A child process that listens on `port`."""
    with log.open("ab") as output:
        variables = {**os.environ, "PYTHONPATH": PATHS, **(environ or {})}
        child = subprocess.Popen(command, env=variables, stdout=output, stderr=subprocess.STDOUT)
    await_listening(child, port, log)
    return child


def stop(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.send_signal(signal.SIGTERM)
    child.wait(60)


@pytest.fixture(scope="session")
def firestore_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port, folder = free_port(), tmp_path_factory.mktemp("firestore")
    command, _ = firestore_command(port, free_port(), folder, print)
    child = start(command, port, folder / "log")
    yield port
    stop(child)


@pytest.fixture(scope="session")
def storage_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "emulator.emulators.gcs", "--host", "127.0.0.1", "--port", str(port), "--memory"]
    child = start(command, port, tmp_path_factory.mktemp("storage") / "log")
    yield port
    stop(child)


@pytest.fixture(scope="session")
def environment(firestore_port: int, storage_port: int) -> Iterator[dict[str, str]]:
    """What a deployment declares. This process's own clients are made again, before and after."""
    variables = {
        "GOOGLE_CLOUD_PROJECT": "test-ingest",
        "MEDIA_BUCKET": "media",
        "FIRESTORE_EMULATOR_HOST": f"127.0.0.1:{firestore_port}",
        **owner.environment(storage_port),
    }
    caches = (clients.storage_client, clients.media_bucket, clients.firestore_client)
    with pytest.MonkeyPatch.context() as patch, front() as asked:
        variables |= asked
        for name, value in variables.items():
            patch.setenv(name, value)
        for cache in caches:
            cache.cache_clear()
        clients.storage_client().create_bucket("media")
        yield variables
    for cache in caches:
        cache.cache_clear()


@contextmanager
def front() -> Iterator[dict[str, str]]:
    """The internal routes of front, in a thread of this process; the variables of those that ask it."""

    def forget() -> None:
        client.forget()
        clients.control_client.cache_clear()
        callers.callers.cache_clear()
        front_settings.cache_clear()

    forget()
    app = Flask(__name__)
    app.register_blueprint(control.routes)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield {
            "FRONT_URL": f"http://127.0.0.1:{server.server_port}",
            "CONTROL_CALLERS": owner.ACCOUNT,
            **dict.fromkeys(("SITE_BUCKET", "GRANT_SECRET", "SIGNING_ID", "SIGNING_SECRET"), "front-s-own"),
        }
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        forget()


@dataclass
class Service:
    """A running ingest service: where it is, and its log so far."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]

    def url(self, stream: str) -> str:
        return f"http://127.0.0.1:{self.port}/streams/{stream}"


ServiceFactory = Callable[..., Service]


@pytest.fixture(scope="session")
def services(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceFactory]:
    """Starts services with further settings; all end with the session."""
    started: list[Service] = []

    def run(**settings: str) -> Service:
        port, log = free_port(), tmp_path_factory.mktemp("ingest") / "log"
        config = str(ROOT / "runner" / "ingest" / "gunicorn.conf.py")
        command = [sys.executable, "-m", "gunicorn", "--config", config, "ingest.http.app:create_app()"]
        child = start(command, port, log, {**environment, "HOST": "127.0.0.1", "PORT": str(port), **settings})
        started.append(Service(port, log, child))
        return started[-1]

    yield run
    for service in started:
        stop(service.process)


@pytest.fixture(scope="session")
def service(services: ServiceFactory) -> Service:
    return services()


@dataclass(frozen=True)
class Publishing:
    """A stream that was created, and its key."""

    id: str
    key: str


def made_stream() -> Publishing:
    made = Publishing(f"cam-{uuid.uuid4().hex[:8]}", keys.new_key())
    streams.create(Stream(made.id, "Camera"), made.key)
    return made


@pytest.fixture
def stream(environment: dict[str, str]) -> Publishing:
    return made_stream()


@pytest.fixture(scope="session")
def bucket(environment: dict[str, str]) -> storage.Bucket:
    return clients.media_bucket()


@pytest.fixture(scope="session")
def db(environment: dict[str, str]) -> firestore.Client:
    return clients.firestore_client()


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """Six seconds of H.264 with reordered frames and AAC, a keyframe every two seconds."""
    return make_clip(tmp_path_factory.mktemp("clips") / "clip.ts", seconds=6)


@pytest.fixture(scope="session")
def clips(clip: Clip) -> dict[str, Path]:
    """The same clip in each accepted container."""
    return {"mpegts": clip.path} | {kind: ffmpeg_remux(clip.path, kind) for kind in ("flv", "mp4", "matroska")}


@pytest.fixture(scope="session")
def webm(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """VP8 and Opus, as browsers record."""
    path = tmp_path_factory.mktemp("clips") / "clip.webm"
    return make_clip(path, seconds=6, video="libvpx", audio="libopus")


@pytest.fixture
def other(environment: dict[str, str]) -> Publishing:
    """A second stream."""
    return made_stream()


@pytest.fixture(scope="session")
def pieces(clip: Clip, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The clip's three segments as ffmpeg cuts them."""
    return [path.read_bytes() for path in cut(clip.path, tmp_path_factory.mktemp("hls") / "cut")]


@pytest.fixture
def encoder(service: Service, stream: Publishing) -> Encoder:
    return Encoder(service, stream)
