"""`python -m rtmp`: runs nginx and the relay until SIGTERM. Exits with status 1 if nginx ends."""

from __future__ import annotations

import logging
import secrets
import signal
import sys
import tempfile
import threading
from pathlib import Path
from types import FrameType

from pipeline.cloud import logs
from pipeline.domain.settings import load
from pipeline.media.containers import limit_allocation

from .hooks import Hooks
from .nginx import Nginx
from .relay import Relay
from .settings import Rtmp

log = logging.getLogger("rtmp")

_GRACE_SECONDS = 8.0  # for the last segments
_ALLOCATION_BYTES = 16 << 20  # nothing is decoded, save to find out what comes


def main() -> int:
    """Runs until a signal. Returns the exit status."""
    settings = load(Rtmp)
    logs.configure("INFO")
    limit_allocation(_ALLOCATION_BYTES)
    ending = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        ending.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    with tempfile.TemporaryDirectory(prefix="rtmp-") as folder:
        secret = secrets.token_urlsafe(24)
        nginx = Nginx(settings, Path(folder), secret)
        relay = Relay(settings, nginx.drop)
        hooks = Hooks(settings.port, relay, secret)
        threading.Thread(target=hooks.serve_forever, name="hooks", daemon=True).start()
        log.info("listening on rtmp://%s:%d/live", settings.host, settings.rtmp_port)
        while not ending.wait(0.5) and not nginx.ended.is_set():
            pass
        died = nginx.ended.is_set()
        relay.close(_GRACE_SECONDS)
        hooks.shutdown()
        nginx.stop()
    if died:
        log.error("nginx has ended")
    return int(died)


if __name__ == "__main__":
    sys.exit(main())
