"""Runs the Vision emulator until SIGTERM or SIGINT."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from functools import partial
from pathlib import Path

from ..stop_signal import stop_signal
from .admin import quota

_MAX_PIXELS = 75_000_000  # of a picture, as Google's; OpenCV reads it when it is loaded
_MAX_PICTURES = 64  # under way or waiting

log = logging.getLogger("emulator.emulators.vision")


def main() -> int:
    """Exit status: 0 after a signal, 1 if it could not start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    options = _options()
    os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(_MAX_PIXELS))
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # pictures run side by side; its idle threads spin
    import cv2

    from ...rpc import CallError, run
    from .annotators import annotators, warm
    from .calls import methods
    from .errors import MarksError
    from .limits import Limits
    from .marks import load_marks
    from .service import ImageAnnotator
    from .workers import Workers

    stopped = stop_signal()
    cv2.setNumThreads(1)
    try:
        offered = annotators(load_marks(options.marks))
    except MarksError as error:
        log.error("%s", error)
        return 1
    workers = Workers(os.cpu_count() or 1, _MAX_PICTURES)
    try:
        limits = Limits(options.latency, options.quota)
        service = ImageAnnotator(offered, workers, limits, options.storage_endpoint)
    except CallError as error:
        log.error("%s", error)
        return 1
    known, ready = methods(service, limits), partial(warm, offered, stopped)
    status = run(known, options.host, options.port, until=stopped, ready=ready)
    limits.close()
    workers.close()
    return status


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m emulator.emulators.vision", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--marks", type=Path, required=True, help="folder with marks.json and its pictures")
    parser.add_argument("--storage-endpoint", required=True, help="the GCS emulator, as http://host:port")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that each call waits; see limits.py")
    parser.add_argument("--quota", type=quota, help="calls a minute, or none; both can be set later, see admin.py")
    options = parser.parse_args()
    options.storage_endpoint = options.storage_endpoint.rstrip("/")
    return options


if __name__ == "__main__":
    sys.exit(main())
