"""One clip through a running stack: sent in real time, followed until nothing is missing or nothing moves."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sender import Push
from sender.errors import SendError

from ...declaration.endpoints import Endpoints
from .. import streams
from ..documents import Change, Listener
from .ledger import Ledger

WAIT_SECONDS = 60.0  # s without any progress after which what is missing is taken for lost
_AFTER_FAILURE = 5.0  # the same once sending has failed: the session may never end


@dataclass(slots=True)
class Run:
    """A clip on its way. `seconds` sent so far; `errors` are of the sending."""

    stream: str
    push: Push
    ledger: Ledger = field(default_factory=Ledger)
    errors: list[str] = field(default_factory=list[str])

    @property
    def seconds(self) -> float:
        """Seconds of the clip that have been sent."""
        return self.push.progress.media_seconds


def run(endpoints: Endpoints, clip: Path, seconds: float | None, stream: str, tell: Callable[[Run], None]) -> Run:
    """Sends `clip` as a new stream and returns once every result is there, or lost. `tell` hears of each change.

    The environment must name the stack. Raises CallFailed where the stream cannot be made.
    """
    key = streams.create(endpoints, stream, f"Demo of {clip.name}")
    listener = Listener(stream, datetime.now(UTC) - timedelta(minutes=1))
    push = Push(str(clip), streams.address(endpoints, stream), key, seconds=seconds)
    state = Run(stream, push)
    try:
        push.start()
        _follow(state, listener, tell)
    finally:
        push.stop()
        listener.close()
    try:
        push.join(10)
    except (SendError, TimeoutError) as error:
        state.errors.append(str(error))
    return state


def _follow(state: Run, listener: Listener, tell: Callable[[Run], None]) -> None:
    moved, sent = time.monotonic(), 0.0
    while not (state.ledger.complete and not state.push.alive):
        try:
            _book(state.ledger, listener.changes.get(timeout=0.2))
            moved = time.monotonic()
        except queue.Empty:
            if state.seconds > sent:
                moved, sent = time.monotonic(), state.seconds
        tell(state)
        patience = WAIT_SECONDS if state.push.error is None else _AFTER_FAILURE
        if time.monotonic() - moved > patience:
            return


def _book(ledger: Ledger, change: Change) -> None:
    if change.kind == "sessions":
        ledger.see_session(change.fields)
    elif change.kind == "segments":
        ledger.see_segment(change.fields, change.at)
    else:
        ledger.see_frame(int(change.id), change.fields, change.at)
