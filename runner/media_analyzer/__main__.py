"""The command line: `media-analyzer streams | watch | report | clip | push`, or `python -m media_analyzer …`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .client import Client
from .errors import MediaAnalyzerError
from .live import Seen

_EXAMPLES = """examples:
  export MEDIA_ANALYZER_URL=https://HOST MEDIA_ANALYZER_KEY=...
  media-analyzer streams
  media-analyzer watch studio --kind logo
  media-analyzer report studio --format csv --output exposure.csv
  media-analyzer clip studio --label Nike --before 1 --after 1 --output nike.mp4
  media-analyzer push film.mp4 studio
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status: 0 done, 1 refused or broken off, 2 called wrongly, 130 stopped by Ctrl-C."""
    asked = _parser().parse_args(arguments)
    if not asked.url:
        return _say("missing address: set MEDIA_ANALYZER_URL, or give --url", 2)
    try:
        with Client(asked.url, os.environ.get("MEDIA_ANALYZER_KEY") or None) as client:
            asked.run(client, asked)
    except (MediaAnalyzerError, ValueError, OSError) as error:
        return _say(str(error), 1)
    except KeyboardInterrupt:
        return 130
    return 0


def _streams(client: Client, asked: argparse.Namespace) -> None:
    """Lists the streams."""
    streams = list(client.streams())
    if asked.json:
        _print_json(streams)
    else:
        _print_table(
            ("id", "state", "session", "name"),
            ((one["id"], one["state"], one["session"] or "-", one["name"]) for one in streams),
        )


def _watch(client: Client, asked: argparse.Namespace) -> None:
    """Prints what is found on a stream, as it is found."""
    for seen in client.watch(asked.stream, start=asked.start):
        if asked.kind in (None, seen.kind):
            for line in _lines(seen, asked.json):
                print(line, flush=True)  # noqa: T201


def _lines(seen: Seen, as_json: bool) -> Iterable[str]:
    for found in seen.analysis["detections"]:
        if as_json:
            yield json.dumps({"session": seen.session, "time": seen.time, "kind": seen.kind, **found})
        else:
            yield f"{_clock(seen.time)}  {seen.kind:11}  {found['confidence']:4.0%}  {found['label']}"


def _clip(client: Client, asked: argparse.Namespace) -> None:
    """Cuts a clip, or a reel of a label, and fetches it once it is made."""
    session = _session(client, asked)
    names = ("start", "end", "appearance", "label", "kind", "before", "after")
    begun = client.cut(asked.stream, session, **{name: getattr(asked, name) for name in names})
    clip = client.made(asked.stream, begun["id"])
    path: Path = asked.output or Path(f"{asked.stream}-{clip['id']}{Path(clip['object'] or '').suffix}")
    client.save(asked.stream, clip, path)
    print(path)  # noqa: T201


def _report(client: Client, asked: argparse.Namespace) -> None:
    """Reports how long each label was on the screen, in the newest session or in a named one."""
    session = _session(client, asked)
    if asked.format == "csv":
        _write(asked.output, client.exposure_csv(asked.stream, session, kind=asked.kind))
        return
    exposure = client.exposure(asked.stream, session, kind=asked.kind)
    if asked.format == "json":
        _write(asked.output, (json.dumps(exposure, indent=2, ensure_ascii=False) + "\n").encode())
        return
    rows = (
        (one["label"], f"{one['seconds']:.1f}", one["appearances"], _clock(one["first"]), f"{one['share']['mean']:.2%}")
        for one in exposure["labels"]
    )
    _write(asked.output, _table(("label", "seconds", "appearances", "first", "share of screen"), rows).encode())


def _session(client: Client, asked: argparse.Namespace) -> str:
    """The session that is meant: the newest without an id. Raises ValueError."""
    session = asked.session or client.stream(asked.stream)["session"]
    if session is None:
        raise ValueError(f"stream {asked.stream!r} has no session yet")
    return session


def _push(client: Client, asked: argparse.Namespace) -> None:
    """Sends a video to a stream, in real time."""
    answer = client.push(
        asked.source,
        asked.stream,
        loop=asked.loop,
        seconds=asked.seconds,
        on_progress=_progress if sys.stderr.isatty() else None,
        on_note=lambda line: print(line, file=sys.stderr),  # noqa: T201
    )
    _print_json(answer)


_COMMANDS: Mapping[str, Callable[[Client, argparse.Namespace], None]] = {
    "streams": _streams,
    "watch": _watch,
    "report": _report,
    "clip": _clip,
    "push": _push,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="media-analyzer",
        description="Asks a deployment of Media Analyzer. The key is in MEDIA_ANALYZER_KEY.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--url", default=os.environ.get("MEDIA_ANALYZER_URL"), help="its page (default: MEDIA_ANALYZER_URL)"
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    made: dict[str, argparse.ArgumentParser] = {}
    for name, run in _COMMANDS.items():
        made[name] = commands.add_parser(name, help=str(run.__doc__))
        made[name].set_defaults(run=run)
    made["streams"].add_argument("--json", action="store_true", help="all fields, as JSON")
    made["watch"].add_argument("stream")
    made["watch"].add_argument("--kind", help="only this kind: logo, object, text, label, face, safe_search")
    made["watch"].add_argument("--start", type=float, metavar="S", help="from this media time on (default: from now)")
    made["watch"].add_argument("--json", action="store_true", help="one JSON object a line")
    for name in ("report", "clip"):
        made[name].add_argument("stream")
        made[name].add_argument("session", nargs="?", help="a session's id (default: the newest)")
    made["clip"].add_argument("--from", dest="start", type=float, metavar="S", help="from this media time")
    made["clip"].add_argument("--to", dest="end", type=float, metavar="S", help="to this media time")
    made["clip"].add_argument("--appearance", metavar="ID", help="an appearance, by its id")
    made["clip"].add_argument("--label", help="a reel: all appearances of the label")
    made["clip"].add_argument("--kind", default="logo", help="of the appearance or the label (%(default)s)")
    made["clip"].add_argument("--before", type=float, default=0.0, metavar="S", help="seconds that it begins earlier")
    made["clip"].add_argument("--after", type=float, default=0.0, metavar="S", help="seconds that it ends later")
    made["clip"].add_argument("--output", type=Path, metavar="FILE", help="write it there")
    made["report"].add_argument("--kind", default="logo", help="logo, object, text, label or face (%(default)s)")
    made["report"].add_argument("--format", choices=("table", "csv", "json"), default="table")
    made["report"].add_argument("--output", type=Path, metavar="FILE", help="write it there")
    made["push"].add_argument("source", help="a file, or any address that FFmpeg opens")
    made["push"].add_argument("stream")
    made["push"].add_argument("--loop", action="store_true", help="begin again at the end, until stopped")
    made["push"].add_argument("--seconds", type=float, metavar="N", help="send N seconds, looping what is shorter")
    return parser


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{rest:06.3f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [tuple(map(str, row)) for row in (head, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines
    )


def _print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    sys.stdout.write(_table(head, rows))


def _print_json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def _write(path: Path | None, content: bytes) -> None:
    if path is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        path.write_bytes(content)


def _progress(progress: Any) -> None:
    print(f"\r{_clock(progress.media_seconds)}  {progress.bit_rate / 1e6:.2f} Mbit/s", end="", file=sys.stderr)  # noqa: T201


def _say(line: str, status: int) -> int:
    print(line, file=sys.stderr)  # noqa: T201
    return status


if __name__ == "__main__":
    sys.exit(main())
