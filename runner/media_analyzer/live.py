"""What is found on a live stream, as it is found.

Results of one frame come by kind and by provider, and not in the order of the frames: the last half minute is asked for
again every second, by its entity tag, and each analysis is told once.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from . import answers
from .transport import Transport

_POLL = 1.0  # s
_BACK = 30.0  # s of media within which late results still come
_MOST = 1000  # frames of one answer


@dataclass(frozen=True, slots=True)
class Seen:
    """One analysis of one frame. `time` is seconds of media time; `when` is when the picture was taken."""

    session: str
    time: float
    when: datetime
    kind: str
    analysis: answers.FrameAnalysis


def watch(transport: Transport, stream: str, start: float | None) -> Iterator[Seen]:
    """The analyses of the stream's newest session, until it has ended; from media time `start`, or from now on.

    A stream without a session is waited for. Raises MediaAnalyzerError.
    """
    path = f"/streams/{quote(stream, safe='')}"
    while (session := transport.get(path).body["stream"]["session"]) is None:
        time.sleep(_POLL)
    path = f"{path}/sessions/{session}"
    since = _now(transport.get(path).body["session"]) if start is None else start
    told: set[tuple[str, str]] = set()
    etag: str | None = None
    while True:
        ended = transport.get(path).body["session"]["ended"]
        answer = transport.get(f"{path}/frames", {"from": since, "limit": _MOST}, etag)
        etag = answer.etag
        frames: list[answers.Frame] = answer.body["frames"] if answer.body else []
        for frame in frames:
            yield from _new(session, frame, told)
        if frames and (newest := frames[-1]["time"]) - _BACK > since:
            since, etag = newest - _BACK, None
            told = {one for one in told if int(one[0]) >= since * 1000}
        elif ended is not None and answer.body is None and _age(ended) > _BACK:
            return
        if len(frames) < _MOST:  # else more of them are there already
            time.sleep(_POLL)


def _new(session: str, frame: answers.Frame, told: set[tuple[str, str]]) -> Iterator[Seen]:
    for kind, analysis in frame["analyses"].items():
        if (frame["id"], kind) not in told:
            told.add((frame["id"], kind))
            when = datetime.fromisoformat(frame["program_date_time"])
            yield Seen(session, frame["time"], when, kind, analysis)


def _now(session: answers.Session) -> float:
    """The media time of this moment, in a live session; the beginning of one that has ended."""
    if session["ended"] is not None or session["started"] is None:
        return 0.0
    return max(0.0, _age(session["started"]) - _BACK)


def _age(moment: str) -> float:
    """How many seconds ago it was."""
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
