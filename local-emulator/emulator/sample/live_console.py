"""Prints live detections, a line per frame: `python -m emulator.sample.live_console [--stack NAME] [--stream ID]`."""

from __future__ import annotations

import argparse
import os
import queue
import sys
import threading
import time
from datetime import UTC, datetime
from typing import Any

from rich.console import Console
from rich.text import Text

from ..stack import control
from .demo.ledger import is_complete, sightings_of
from .documents import Change, Listener

_COLORS = {"logo": "bold green", "text": "cyan", "object": "magenta", "label": "blue", "face": "yellow"}
_MAX_LINES_PER_SECOND = 8.0
_MAX_FRAMES = 60  # frames that are listened to at a time, so that days of them need no memory
_MAX_TEXT_CHARACTERS = 24  # characters of one text in the line


class Throttle:
    """Lets so many a second through on average, and counts what it held back."""

    def __init__(self, per_second: float) -> None:
        self.held = 0
        self._rate = per_second
        self._credit, self._last = per_second, 0.0

    def lets(self, now: float) -> bool:
        """Whether one may pass at `now` (seconds of any steady clock)."""
        self._credit = min(self._rate, self._credit + (now - self._last) * self._rate)
        self._last = now
        if self._credit < 1:
            self.held += 1
            return False
        self._credit -= 1
        return True

    def taken(self) -> int:
        """The number of lines held back since the last call."""
        held, self.held = self.held, 0
        return held


class Follower:
    """Turns changes of documents into lines: one per frame, once all of its kinds are there."""

    def __init__(self) -> None:
        self._told: dict[tuple[str, str], None] = {}  # in order of telling, the latest only
        self._session = ""

    def lines(self, change: Change) -> list[Text]:
        """The lines that `change` is worth: none, mostly."""
        if change.kind == "sessions":
            return self._heading(change)
        frame = (change.session, change.id)
        if change.kind != "frames" or frame in self._told or not is_complete(change.fields):
            return []
        if "finalized_at" not in change.fields:
            return []
        self._told[frame] = None
        if len(self._told) > 4 * _MAX_FRAMES:
            del self._told[next(iter(self._told))]
        return [line(int(change.id), change.fields, change.at)]

    def _heading(self, change: Change) -> list[Text]:
        if change.session == self._session:
            return []
        self._session = change.session
        return [Text(f"session {change.session}", style="dim")]


def line(media_ms: int, fields: dict[str, Any], at: datetime) -> Text:
    """A frame in a line: media time, what was seen with its confidence, seconds from finalised to `at`."""
    seen = sightings_of(media_ms, fields)
    seconds = float(fields.get("media_time", media_ms / 1000))
    parts = [Text(f"{int(seconds // 60):3}:{seconds % 60:05.2f}  ", style="bold")]
    best = {(one.kind, one.label): one for one in sorted(seen, key=lambda one: one.confidence)}
    for one in sorted(best.values(), key=lambda one: (one.kind == "text", -one.confidence)):
        shown = f"“{one.label[:_MAX_TEXT_CHARACTERS]}”" if one.kind == "text" else one.label
        parts.append(Text(shown, style=_COLORS.get(one.kind, "")))
        parts.append(Text(f" {one.confidence:.2f}  ", style="dim"))
    if not best:
        parts.append(Text("nothing  ", style="dim"))
    delay = (at - fields["finalized_at"]).total_seconds()
    parts.append(Text(f"{delay:.2f} s", style="dim" if delay < 3 else "yellow"))
    return Text.assemble(*parts)


def follow(stream: str, console: Console, stop: threading.Event) -> None:
    """Prints what is seen in `stream` from now on, until `stop`. The environment must name a running stack."""
    listener = Listener(stream, datetime.now(UTC), kinds=("sessions", "frames"), latest=_MAX_FRAMES)
    follower, throttle = Follower(), Throttle(_MAX_LINES_PER_SECOND)
    try:
        while not stop.is_set():
            try:
                change = listener.changes.get(timeout=0.2)
            except queue.Empty:
                continue
            for text in follower.lines(change):
                if throttle.lets(time.monotonic()):
                    held = throttle.taken()
                    console.print(text + Text(f"  (+{held} frames)", style="dim") if held else text, soft_wrap=True)
    finally:
        listener.close()


def main() -> int:
    """Exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m emulator.sample.live_console", description="What is being seen, live."
    )
    parser.add_argument("--stack", default="dev", metavar="NAME", help="which stack (%(default)s)")
    parser.add_argument("--stream", default="demo", metavar="ID", help="which stream (%(default)s)")
    arguments = parser.parse_args()
    endpoints = control.running(arguments.stack)
    if endpoints is None:
        print(f"the stack {arguments.stack} is not up: python local-emulator up", file=sys.stderr)  # noqa: T201
        return 1
    os.environ.update(endpoints.env())
    try:
        follow(arguments.stream, Console(), threading.Event())
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
