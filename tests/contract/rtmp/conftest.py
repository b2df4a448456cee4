"""The relay with the real nginx, before an ingest that answers as a test wants."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.servers import free_port, listens
from tests.unit.ingest.clips import make_clip
from tests.unit.sender.wsserver import Ingest, listening
from tests.wait import until

from rtmp.hooks import Hooks
from rtmp.nginx import Nginx, binary, module
from rtmp.relay import Relay
from rtmp.settings import Rtmp

_SECONDS = 60


@dataclass
class World:
    """A running relay, the ingest behind it, and a clip to publish."""

    rtmp_port: int
    hooks: Hooks
    relay: Relay
    ingest: Ingest
    clip: Path

    @property
    def server(self) -> str:
        """The encoder's field "Server"."""
        return f"rtmp://127.0.0.1:{self.rtmp_port}/live"

    def publishing(self, stream_key: str, *options: str, seconds: float = 0.5) -> subprocess.Popen[bytes]:
        """ffmpeg, which publishes in real time under a "Stream key"."""
        address = f"{self.server}/{stream_key}"
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-re",
            "-stream_loop",
            "-1",
            "-i",
            str(self.clip),
            "-t",
            str(seconds),
            "-c",
            "copy",
        ]
        command += ["-f", "flv", *options, address]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def publishes(self, stream_key: str, *options: str) -> bool:
        """Whether an encoder is let in."""
        return self.publishing(stream_key, *options).wait(_SECONDS) == 0

    def admitted(self, count: int = 1) -> None:
        """Returns once that many publishers are let in and ingest hears each."""
        until(lambda: len([leg for leg in self.ingest.legs if leg.data]) >= count, _SECONDS)


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of H.264 and AAC, which encoders repeat."""
    return make_clip(tmp_path_factory.mktemp("clips") / "clip.flv", seconds=2, gop=0.4, options={"bf": "0"}).path


@pytest.fixture
def world(clip: Path, tmp_path: Path) -> Iterator[World]:
    if binary() is None or module() is None:
        pytest.fail("nginx with its RTMP module is missing: local-emulator/setup.sh test")
    secret = "the-secret"
    with listening() as ingest:
        settings = Rtmp(ingest.url.removesuffix("/streams/demo"), free_port(), "127.0.0.1", free_port())
        nginx = Nginx(settings, tmp_path, secret)
        relay = Relay(settings, nginx.drop)
        hooks = Hooks(settings.port, relay, secret)
        thread = threading.Thread(target=hooks.serve_forever, args=(0.05,))
        thread.start()
        until(lambda: listens(settings.rtmp_port), _SECONDS)
        yield World(settings.rtmp_port, hooks, relay, ingest, clip)
        nginx.stop()
        relay.close(5.0)
        hooks.shutdown()
        thread.join()
        hooks.server_close()
