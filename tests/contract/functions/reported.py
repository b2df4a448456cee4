"""Sessions for tests of reports, and requests for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.contract.functions.world import SESSION, STARTED, World, start_session
from werkzeug.test import TestResponse

from pipeline.documents import frames
from pipeline.domain.errors import Code, Failure
from pipeline.domain.model import (
    Analysis,
    Box,
    Detection,
    FrameRef,
    Kind,
    Reason,
    SampledFrame,
    SampledSegment,
    Segment,
    SegmentRef,
    Visual,
)

KEY = {"Authorization": "Bearer admin-key-for-tests"}
LOGO = Kind.LOGO
VELOX = Detection("Velox", 0.9, LOGO, Box(0.1, 0.1, 0.2, 0.1))
NORDAL = Detection("=Nordal", 0.8, LOGO, Box(0.5, 0.5, 0.4, 0.5))


def get(world: World, stream: str, tail: str, headers: dict[str, str] = KEY) -> TestResponse:
    return world.api().get(f"/streams/{stream}/sessions/{SESSION}/{tail}", headers=headers)


def put_frame(stream: str, seconds: float, finalized: datetime = STARTED) -> FrameRef:
    ref = FrameRef(stream, SESSION, round(seconds * 1000))
    when = STARTED + timedelta(seconds=seconds)
    visual = Visual(0.5, 0.5, 0.5)
    frames.write_frame(
        SampledFrame(
            ref, seconds, int(seconds // 2), finalized, when, Reason.CHANGE, 1280, 720, visual, 0.0, "frames/x"
        )
    )
    return ref


def put_segment(stream: str, sequence: int, chosen: tuple[int, ...]) -> None:
    start = STARTED + timedelta(seconds=2 * sequence)
    segment = Segment(SegmentRef(stream, SESSION, sequence), 2.0 * sequence, 2.0, start)
    sampled = SampledSegment(segment, start, 10, chosen, None if chosen else 0, 0.0)
    frames.write_segment(sampled, {})


def see(ref: FrameRef, *detections: Detection, error: str | None = None, provider: str = "vision") -> None:
    failure = Failure(Code.QUOTA_EXCEEDED, error) if error else None
    frames.write_analyses(ref, [LOGO], [Analysis(LOGO, provider, "m", 40, detections, failure)])


def put_session(world: World, stream: str, seconds: int, seen: dict[float, tuple[Detection, ...]]) -> None:
    """A session of 2 s segments; `seen` by the second of each frame."""
    world.stream(stream)
    ended = STARTED + timedelta(seconds=seconds)
    start_session(stream, SESSION, STARTED, segments=seconds // 2, media_seconds=float(seconds), ended=ended)
    for second, detections in seen.items():
        see(put_frame(stream, second), *detections)
    for sequence in range(seconds // 2):
        put_segment(stream, sequence, tuple(round(s * 1000) for s in seen if sequence == int(s // 2)))


def post(world: World, path: str, body: dict[str, Any], headers: dict[str, str] = KEY) -> TestResponse:
    return world.api().post(path, json=body, headers=headers)
