"""Follows a stream until everything of its session is analysed."""

from __future__ import annotations

import queue
import time
from datetime import UTC, datetime, timedelta

from emulator.sample.demo.ledger import Ledger
from emulator.sample.documents import Listener

_SECONDS = 240.0  # until something is taken not to happen: imports give way to live streams


def analysed(stream: str) -> Ledger:
    """Everything of the stream's session, once it has ended and nothing of it is missing."""
    ledger, listener = Ledger(), Listener(stream, datetime.now(UTC) - timedelta(minutes=5))
    deadline = time.monotonic() + _SECONDS
    try:
        while not ledger.complete:
            assert time.monotonic() < deadline, ledger.missing()
            try:
                change = listener.changes.get(timeout=0.2)
            except queue.Empty:
                continue
            if change.kind == "sessions":
                ledger.see_session(change.fields)
            elif change.kind == "segments":
                ledger.see_segment(change.fields, change.at)
            else:
                ledger.see_frame(int(change.id), change.fields, change.at)
    finally:
        listener.close()
    return ledger
