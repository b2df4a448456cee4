"""`python -m ingest.push SOURCE URL`: see the package."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from types import FrameType

from pipeline.errors import MediaAnalyzerError

from .push import Progress, Push


def main() -> int:
    """Exit status: 0 sent, 1 refused or broken off, 2 called wrongly."""
    arguments = _arguments()
    key = arguments.key or os.environ.get("INGEST_KEY", "")
    if not key:
        print("there is no stream key: set INGEST_KEY, or give --key", file=sys.stderr)  # noqa: T201
        return 2
    show = _show if sys.stderr.isatty() else None
    push = Push(arguments.source, arguments.url, key, loop=arguments.loop, seconds=arguments.seconds, on_progress=show)

    def stop(number: int, frame: FrameType | None) -> None:
        push.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    push.start()
    try:
        push.join()
    except (MediaAnalyzerError, OSError) as error:
        print(f"\n{error}", file=sys.stderr)  # noqa: T201
        return 1
    done = push.progress
    print(f"\nsent {done.media_seconds:.1f} s, {done.sent_bytes / 1e6:.1f} MB", file=sys.stderr)  # noqa: T201
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m ingest.push", description="Sends a video to ingest, in real time, as a live stream."
    )
    parser.add_argument("source", help="a file, or any address that FFmpeg opens")
    parser.add_argument("url", help="http(s)://HOST/streams/STREAM")
    parser.add_argument("--loop", action="store_true", help="begin again at the end, until stopped")
    parser.add_argument("--seconds", type=float, metavar="N", help="send N seconds, looping a source that is shorter")
    parser.add_argument("--key", help="the stream key; INGEST_KEY keeps it out of the list of processes")
    return parser.parse_args()


def _show(progress: Progress) -> None:
    minutes, seconds = divmod(progress.media_seconds, 60)
    line = (
        f"{int(minutes):02}:{seconds:04.1f}  {progress.bit_rate / 1e6:5.2f} Mbit/s  {progress.sent_bytes / 1e6:7.1f} MB"
    )
    print(f"\r{line}", end="", file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
