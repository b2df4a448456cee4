"""The command line: `media-analyzer-send SOURCE URL`, or `python -m sender SOURCE URL`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from types import FrameType

from .errors import SendError
from .push import Progress, Push
from .source import Source

_EXAMPLES = """examples:
  media-analyzer-send film.mp4 https://INGEST/streams/studio
  media-analyzer-send /dev/video0 URL --format v4l2 --option video_size=1280x720
  media-analyzer-send rtsp://camera.local/stream URL
  media-analyzer-send "testsrc2=size=1280x720:rate=30,realtime" URL --format lavfi
"""


def main() -> int:
    """Sends. Exit status: 0 sent, 1 refused or broken off, 2 called wrongly."""
    arguments = _arguments()
    key = arguments.key or os.environ.get("STREAM_KEY", "")
    if not key:
        print("missing stream key: set STREAM_KEY, or give --key", file=sys.stderr)  # noqa: T201
        return 2
    push = Push(
        Source(arguments.source, arguments.format, dict(arguments.option), arguments.loop or bool(arguments.seconds)),
        arguments.url,
        key,
        seconds=arguments.seconds,
        websocket=not arguments.post,
        on_progress=_show if sys.stderr.isatty() else None,
        on_note=_note,
    )

    def stop(number: int, frame: FrameType | None) -> None:
        push.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    push.start()
    try:
        push.join()
    except (SendError, OSError) as error:
        _note(str(error))
        return 1
    done = push.progress
    _note(f"sent {done.media_seconds:.1f} s, {done.sent_bytes / 1e6:.1f} MB")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="media-analyzer-send",
        description="Sends a video to ingest, in real time, as a live stream. Reconnects when the connection breaks.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", help="a file, a device, or any address that FFmpeg opens")
    parser.add_argument("url", help="http(s):// or ws(s)://HOST/streams/STREAM")
    parser.add_argument("--loop", action="store_true", help="begin again at the end, until stopped")
    parser.add_argument("--seconds", type=float, metavar="N", help="send N seconds, looping a source that is shorter")
    parser.add_argument("--format", metavar="NAME", help="the source's format: v4l2, x11grab, lavfi, ...")
    parser.add_argument(
        "--option",
        type=_option,
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="an FFmpeg option of that format; repeat it for more",
    )
    parser.add_argument("--post", action="store_true", help="send the body of one POST, without reconnecting")
    parser.add_argument("--key", help="the stream key; STREAM_KEY keeps it out of the list of processes")
    return parser.parse_args()


def _option(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not key or not equals:
        raise argparse.ArgumentTypeError(f"invalid option {text!r}: expected KEY=VALUE")
    return key, value


def _show(progress: Progress) -> None:
    minutes, seconds = divmod(progress.media_seconds, 60)
    line = (
        f"{int(minutes):02}:{seconds:04.1f}  {progress.bit_rate / 1e6:5.2f} Mbit/s  {progress.sent_bytes / 1e6:7.1f} MB"
    )
    print(f"\r{line}", end="", file=sys.stderr, flush=True)  # noqa: T201


def _note(line: str) -> None:
    print(f"\n{line}" if sys.stderr.isatty() else line, file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
