"""python -m importer --object uploads/STREAM/NAME --generation N

Exit status: 0 if the import has ended, in success or error, as its document says; 1 if it broke off and another attempt
may succeed; 2 if the arguments are wrong.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from types import FrameType

from pipeline.cloud import logs, metrics, tracing
from pipeline.domain.errors import BadRequest
from pipeline.domain.settings import Common, load
from pipeline.media.containers import limit_allocation

from .run import Import

log = logging.getLogger(__name__)
ALLOCATION_BYTES = 256 << 20  # the index of a file: 24 bytes for each of a day's pictures and sounds


def main() -> int:
    """Runs one import. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m importer")
    parser.add_argument("--object", required=True, help="the uploaded object's name")
    parser.add_argument("--generation", required=True, type=int)
    options = parser.parse_args()
    logs.configure(load(Common).log_level)
    tracing.configure("importer")
    metrics.configure("importer")
    limit_allocation(ALLOCATION_BYTES)
    try:
        running = Import(options.object, options.generation)
    except BadRequest as error:
        parser.error(str(error))

    def stop(_number: int, _frame: FrameType | None) -> None:
        running.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return 0 if running.run() else 1


if __name__ == "__main__":
    sys.exit(main())
