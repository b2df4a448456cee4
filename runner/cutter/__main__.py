"""python -m cutter --stream STREAM --clip CLIP

Exit status: 0 if the clip has ended, in success or error, as its document says; 1 if it broke off and another attempt
may succeed; 2 if the arguments are wrong.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
from types import FrameType

from pipeline.cloud import logs, metrics
from pipeline.domain import names
from pipeline.domain.errors import BadRequest
from pipeline.domain.settings import Common, load

from .run import Cutting

log = logging.getLogger(__name__)


def main() -> int:
    """Makes one clip. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m cutter")
    parser.add_argument("--stream", required=True)
    parser.add_argument("--clip", required=True, help="the clip's id")
    options = parser.parse_args()
    logs.configure(load(Common).log_level)
    metrics.configure("cutter")
    try:
        running = Cutting(names.check_stream(options.stream), names.check_clip(options.clip))
    except BadRequest as error:
        parser.error(str(error))

    def stop(_number: int, _frame: FrameType | None) -> None:
        running.stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return 0 if running.run() else 1


if __name__ == "__main__":
    sys.exit(main())
