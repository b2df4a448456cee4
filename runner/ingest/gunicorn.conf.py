"""gunicorn's configuration for ingest: one process, one thread per stream, and no key in any log."""

from __future__ import annotations

import gc
import os
import signal
from types import FrameType
from typing import Any

from ingest.settings import Ingest
from pipeline.cloud import clients, logs
from pipeline.domain.settings import load

_SPARE = 40  # threads for health checks, refusals, the last seconds of sessions, and segments that wait for their turn

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8080')}"
workers = 1  # "one publisher per stream" is kept in memory
worker_class = "ingest.http.worker.PatientWorker"
threads = load(Ingest).max_streams + _SPARE
worker_connections = threads * 4
timeout = 0  # Cloud Run limits a request itself
graceful_timeout = 9  # Cloud Run kills 10 s after SIGTERM
control_socket_disable = True  # it would be one file in the home folder for all instances
keepalive = 75  # for HLS push: ffmpeg's persistent connection loses a playlist if it is closed between requests

access_log_format = "%(m)s %(U)s %(s)s %(B)sB %(M)sms"  # %(U)s is the path alone: the query may carry a key
logconfig_dict = logs.of_gunicorn(access=True)


def post_worker_init(worker: Any) -> None:
    """Ends every source at SIGTERM, so that sessions have the grace time to finish their playlists."""
    clients.preload("storage", "firestore")
    gc.freeze()  # what is here to stay: each session ends with a collection, which would look at all of it
    streams = worker.wsgi.extensions["streams"]
    before = signal.getsignal(signal.SIGTERM)

    def stop(number: int, frame: FrameType | None) -> None:
        streams.stop_all()
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, stop)


def pre_request(worker: Any, request: Any) -> None:
    """Leaves '100 Continue' to the route, which sends it once the key has been checked.

    A connection ends with its answer, so that a sender that is still sending notices; HLS push alone keeps it.
    """
    request._expected_100_continue = False
    if request.method == "GET" or request.path.count("/") < 3:  # /streams/{stream}/{name} has three
        request.force_close()
