"""A long file as an import: how much faster than real time, beside ffmpeg's own HLS of the same file, and memory.

IMPORT_SECONDS is the file's length (two hours).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from emulator.emulators.google_emulators import firestore
from pipeline.cloud import clients
from pipeline.documents import imports
from pipeline.imports.settings import uploads, uploads_bucket
from tests import owner
from tests.bench.bench_ingest import make_clip
from tests.bench.helpers.sized import sized
from tests.contract.ingest.conftest import ROOT, front, made_stream, start, stop
from tests.servers import free_port

_SECONDS = float(os.environ.get("IMPORT_SECONDS") or sized(7200, 60))
_SAMPLE = 0.1  # seconds between two looks at memory


@dataclass(frozen=True)
class Imported:
    """Seconds it took, of the clock and of CPU, MB at most in its first fifth and altogether."""

    took: float
    cpu: float
    early: float
    peak: float


def rows() -> Iterator[dict[str, object]]:
    """Speed and memory of one import."""
    with tempfile.TemporaryDirectory() as folder, _world(Path(folder)):
        file = Path(folder) / "long.mp4"
        _make(file)
        theirs, their_cpu = _ffmpeg(file, Path(folder))
        ours = _import(file)
    name = f"import of {_SECONDS / 3600:.2f} h, 5 Mbit/s 720p"
    yield {
        "bench": name,
        "ours": _SECONDS / ours.took,
        "other": _SECONDS / theirs,
        "other_name": "ffmpeg -f hls from disk to disk",
        "unit": "x real time",
    }
    yield {
        "bench": f"{name}: CPU of the importer",
        "ours": ours.cpu * 1000 / _SECONDS,
        "other": their_cpu * 1000 / _SECONDS,
        "other_name": "ffmpeg",
        "unit": "ms/s",
    }
    yield {
        "bench": "import, memory at most",
        "ours": ours.peak,
        "other": ours.early,
        "other_name": "in its first fifth",
        "unit": "MB",
    }


@contextmanager
def _world(folder: Path) -> Generator[None]:
    """Storage, on disk, and Firestore."""
    ports = free_port(), free_port(), free_port()
    variables = {
        "GOOGLE_CLOUD_PROJECT": "bench-import",
        "MEDIA_BUCKET": "media",
        "UPLOADS_BUCKET": "uploads",
        "FIRESTORE_EMULATOR_HOST": f"127.0.0.1:{ports[0]}",
        **owner.environment(ports[1]),
    }
    caches = (clients.storage_client, clients.media_bucket, clients.firestore_client, uploads, uploads_bucket)
    started: list[subprocess.Popen[bytes]] = []
    with pytest.MonkeyPatch.context() as patch, front() as asked:
        for name, value in (variables | asked).items():
            patch.setenv(name, value)
        for cache in caches:
            cache.cache_clear()
        command, _ = firestore(ports[0], ports[2], folder, lambda text: None)
        storage = ["emulator.emulators.gcs", "--port", str(ports[1]), "--data", str(folder / "gcs")]
        try:
            started.append(start(command, ports[0], folder / "firestore.log"))
            started.append(start([sys.executable, "-m", *storage], ports[1], folder / "gcs.log"))
            for bucket in ("media", "uploads"):
                clients.storage_client().create_bucket(bucket)
            yield
        finally:
            for child in reversed(started):
                stop(child)
            for cache in caches:
                cache.cache_clear()


def _make(path: Path) -> None:
    """A minute, over and over; its index comes last."""
    clip = path.with_name("clip.ts")
    make_clip(clip)
    command = ["ffmpeg", "-v", "error", "-stream_loop", "-1", "-i", clip, "-t", str(_SECONDS), "-c", "copy", path]
    subprocess.run(command, check=True)


def _ffmpeg(file: Path, folder: Path) -> tuple[float, float]:
    (folder / "hls").mkdir()
    options = ["-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_playlist_type", "vod"]
    started, before = time.monotonic(), os.times()
    subprocess.run(["ffmpeg", "-v", "error", "-i", file, *options, folder / "hls" / "index.m3u8"], check=True)
    took, after = time.monotonic() - started, os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    subprocess.run(["rm", "-r", folder / "hls"], check=True)
    return took, used


def _import(file: Path) -> Imported:
    stream = made_stream().id
    blob = uploads_bucket().blob(f"uploads/{stream}/long.mp4")
    blob.upload_from_filename(file, timeout=600)
    file.unlink()
    begun = imports.begin(stream, str(blob.name), int(blob.generation or 0), int(blob.size or 0))
    command = [sys.executable, "-m", "importer", "--object", blob.name, "--generation", str(blob.generation)]
    # As the image sets it.
    env = {
        **os.environ,
        "MALLOC_ARENA_MAX": "2",
        "PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'runner'}",
        "LOG_LEVEL": "WARNING",
    }
    started = time.monotonic()
    child = psutil.Popen(command, env=env)
    samples: list[int] = []
    cpu = 0.0
    while child.poll() is None:
        samples.append(child.memory_info().rss)
        cpu = sum(child.cpu_times()[:2])
        time.sleep(_SAMPLE)
    took = time.monotonic() - started
    ended = imports.get(stream, begun.session)
    assert ended.state == "done", f"the import ended as {ended.state}"
    return Imported(took, cpu, max(samples[: len(samples) // 5 + 1]) / 1e6, max(samples) / 1e6)
