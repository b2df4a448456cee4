"""What the streams are sent to: ingest alone, with storage and Firestore emulated, and nginx-rtmp with its own HLS."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from tests import owner
from tests.contract.ingest.conftest import ROOT, front, made_stream, start, stop
from tests.servers import await_ready, free_port
from tests.wait import until

from emulator.emulators.google_emulators import firestore
from emulator.processes.ready import http_answers
from pipeline.cloud import clients

_MODULE = Path("/usr/lib/nginx/modules/ngx_rtmp_module.so")


@contextmanager
def ingest(most: int) -> Generator[tuple[psutil.Process, Callable[[], str]]]:
    """The process that carries the streams, and a maker of addresses with keys."""
    firestore_port, storage_port, port = free_port(), free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch, front() as asked:
        base = Path(folder)
        variables = {
            "GOOGLE_CLOUD_PROJECT": "bench-ingest",
            "MEDIA_BUCKET": "media",
            "FIRESTORE_EMULATOR_HOST": f"127.0.0.1:{firestore_port}",
            **owner.environment(storage_port),
            **asked,
        }
        for name, value in variables.items():
            patch.setenv(name, value)
        for cache in (clients.storage_client, clients.media_bucket, clients.firestore_client):
            cache.cache_clear()
        storage = [
            "emulator.emulators.gcs",
            "--host",
            "127.0.0.1",
            "--port",
            str(storage_port),
            "--data",
            str(base / "gcs"),
        ]
        gunicorn = [
            "gunicorn",
            "--config",
            str(ROOT / "runner/ingest/gunicorn.conf.py"),
            "ingest.http.app:create_app()",
        ]
        # The second as the image sets it.
        own = {"HOST": "127.0.0.1", "MALLOC_ARENA_MAX": "2", "PORT": str(port), "MAX_STREAMS": str(most)}
        started: list[subprocess.Popen[bytes]] = []
        try:
            command, _ = firestore(firestore_port, free_port(), base, lambda text: None)
            started.append(start(command, firestore_port, base / "firestore.log"))
            started.append(start([sys.executable, "-m", *storage], storage_port, base / "gcs.log"))
            clients.storage_client().create_bucket("media")
            started.append(start([sys.executable, "-m", *gunicorn], port, base / "ingest.log", own))

            def address() -> str:
                made = made_stream()
                return f"http://{made.key}@127.0.0.1:{port}/streams/{made.id}"

            # The master listens before there is a worker.
            await_ready(started[-1], http_answers(port, "/"), base / "ingest.log")
            [worker] = psutil.Process(started[-1].pid).children()
            yield worker, address
        finally:
            for child in reversed(started):
                stop(child)


@contextmanager
def nginx() -> Generator[tuple[psutil.Process, Callable[[], str]] | None]:
    """The same for nginx-rtmp, writing HLS of two seconds a segment; None where it is not installed."""
    if not _MODULE.exists():
        yield None
        return
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        as_root = "user root;" if os.getuid() == 0 else ""  # else its worker's account may not write here
        (Path(folder) / "nginx.conf").write_text(
            f"""{as_root} load_module {_MODULE}; daemon off; worker_processes 1; pid {folder}/pid;
            error_log stderr error;
            events {{ worker_connections 512; }}
            rtmp {{ access_log off; server {{ listen 127.0.0.1:{port}; chunk_size 4096; application live {{
                live on; hls on; hls_path {folder}/hls; hls_fragment 2s; hls_playlist_length 120s; hls_cleanup off;
            }} }} }}"""
        )
        command = ["nginx", "-e", "stderr", "-p", folder, "-c", f"{folder}/nginx.conf"]
        child = start(command, port, Path(folder) / "log")
        names = iter(range(10_000))
        try:
            [worker, *_] = until(psutil.Process(child.pid).children, 60, "the start of a worker")
            yield worker, lambda: f"rtmp://127.0.0.1:{port}/live/s{next(names)}"
        finally:
            stop(child)
