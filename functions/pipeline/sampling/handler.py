"""`sample`: chooses the frames of a finalised segment that are worth analysing, and stores them with their properties.

Idempotent: names and ids derive from the segment and from media time. A delivery of a segment that is done is
acknowledged; two deliveries at once look in the same places and write the same documents. (FFmpeg's threads may decode
a damaged picture differently each time: then one frame more may be sent on.)
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from ..cloud import metrics, objects, tracing
from ..cloud.clients import preload
from ..cloud.events import FINALIZE, ObjectEvent
from ..documents import analysis_config, frames
from ..domain import names
from ..domain.errors import NotFound, Poison, Stale
from ..domain.model import FrameRef, Reason, SampledFrame, SampledSegment, Segment
from ..domain.settings import Common, largest_segment, load
from ..media.decode import DecodedFrame, looks
from . import picture, previous_segment
from .gate import Gate
from .gate_state import Candidate, GateState, pack, unpack
from .settings import sampling

log = logging.getLogger(__name__)
_MIB = 1 << 20


def prepare() -> None:
    """Fails at start if a variable is missing."""
    load(Common)
    largest_segment()
    sampling()
    preload("storage", "firestore")


def sample(event: ObjectEvent) -> None:
    """Samples the segment that `event` is about. Raises Stale, Poison."""
    if event.event_type != FINALIZE:
        raise Poison(f"{event.event_type} of {event.name}: only {FINALIZE} is expected here")
    segment = objects.segment(event.name, event.metadata)
    if event.size > largest_segment():
        raise Poison(
            f"{event.name} has {event.size / _MIB:.0f} MiB, more than SEGMENT_MAX_MIB={largest_segment() / _MIB:g}"
        )
    data = _workers().submit(tracing.bound(_read), event)
    with tracing.span("wait for the segment before"):
        context = previous_segment.before(segment)
    if context.done:
        return
    run = _Run(segment, event, _configured(segment))
    run.sample(data.result(), context.gate)


def _read(event: ObjectEvent) -> bytes:
    with tracing.span("read segment"):
        return objects.read(event.name, event.generation)


def _configured(segment: Segment) -> analysis_config.Configured:
    try:
        return analysis_config.of(segment.ref.stream)
    except NotFound as error:
        raise Stale(str(error)) from None


@cache
def _workers() -> ThreadPoolExecutor:
    """Downloads, uploads and writes, of all segments in flight: while they wait, decoding goes on."""
    return ThreadPoolExecutor(8, thread_name_prefix="writer")


@dataclass(slots=True)
class _Run:
    """One segment on its way through the gate."""

    segment: Segment
    event: ObjectEvent
    configured: analysis_config.Configured
    motions: dict[float, float] = field(default_factory=dict[float, float])
    chosen: list[int] = field(default_factory=list[int])
    writes: list[Future[None]] = field(default_factory=list[Future[None]])

    def sample(self, data: bytes, gate_fields: frames.GateFields | None) -> None:
        """Looks at the segment, sends on the frames that the gate chooses, and marks the segment as done."""
        overrides = self.configured.settings.sampling
        before = unpack(gate_fields) if gate_fields else None
        gate = Gate(sampling().policy(overrides), before, boxes=before is None or self._has_boxes(before.media_time))
        renewed = before is not None and gate_fields is not None and gate_fields["revision"] != self.configured.revision
        with tracing.span("decode and gate"):
            for chosen in gate.choose(self._looks(data, sampling().looks(overrides), before), again=renewed):
                self.send(chosen.candidate, chosen.reason)
        assert gate.state is not None  # decoding gives a first look or raises
        self.finish(pack(gate.state, self.configured.revision), gate.state.media_time)

    def _has_boxes(self, media_time: float) -> bool:
        """True if the last frame sent on may have boxes, as far as is known now: a wrong answer costs one frame."""
        ref = FrameRef(self.segment.ref.stream, self.segment.ref.session, round(media_time * 1000))
        return frames.may_have_boxes(ref)

    def _looks(self, data: bytes, per_second: float, before: GateState | None) -> Iterator[Candidate[DecodedFrame]]:
        last = before.look if before else None
        for one in looks(data, per_second, self.segment.duration):
            media_time, plane = self.segment.media_time + one.offset, picture.luma(one.frame)
            self.motions[media_time] = 0.0 if last is None else picture.motion(last, plane)
            last = plane
            yield Candidate(media_time, plane, one)

    def send(self, look: Candidate[DecodedFrame], reason: Reason) -> None:
        """Writes a frame's document and its object, at the same time: the first result does not wait for the upload."""
        pixels = picture.bgr(look.frame.frame, look.frame.aspect)
        ref = FrameRef(self.segment.ref.stream, self.segment.ref.session, round(look.media_time * 1000))
        offset = timedelta(seconds=look.media_time - self.segment.media_time)
        frame = SampledFrame(
            ref=ref,
            media_time=round(look.media_time, 6),
            segment=self.segment.ref.sequence,
            finalized_at=self.event.finalized_at,
            program_date_time=self.segment.program_date_time + offset,
            reason=reason,
            width=pixels.shape[1],
            height=pixels.shape[0],
            visual=picture.visual(pixels),
            motion=round(self.motions[look.media_time], 4),
            snapshot=names.frame_object(ref),
        )
        self.chosen.append(ref.media_ms)
        self.writes.append(_workers().submit(tracing.bound(_note), frame))
        self.writes.append(_workers().submit(tracing.bound(_upload), frame, pixels, self.configured.revision))

    def finish(self, gate_fields: frames.GateFields, last: float) -> None:
        """Waits for the writes, then marks the segment as done. `last`: media time of the last frame sent on."""
        for write in self.writes:
            write.result()
        sampled = SampledSegment(
            segment=self.segment,
            finalized_at=self.event.finalized_at,
            looked_at=len(self.motions),
            frames=tuple(self.chosen),
            same_as=None if self.chosen else round(last * 1000),
            motion=round(sum(self.motions.values()) / len(self.motions), 4),
            size=self.event.size,
        )
        with tracing.span("write segment"):
            frames.write_segment(sampled, gate_fields, tenant=self.configured.tenant)
        metrics.count("frames_sent", len(sampled.frames))
        metrics.count("frames_skipped", sampled.looked_at - len(sampled.frames))
        metrics.measure("sampled_age", (datetime.now(UTC) - self.event.finalized_at).total_seconds())
        log.info("%s: looked at %d, sent on %d", self.event.name, sampled.looked_at, len(sampled.frames))


def _note(frame: SampledFrame) -> None:
    with tracing.span("write frame", frame=frame.ref.media_ms):
        frames.write_frame(frame)


def _upload(frame: SampledFrame, pixels: picture.Plane, revision: str) -> None:
    with tracing.span("store frame", frame=frame.ref.media_ms, reason=frame.reason.value):
        metadata = objects.frame_metadata(frame) | {objects.REVISION: revision} | tracing.carried()
        objects.write_new(frame.snapshot, picture.jpeg(pixels, sampling().quality), "image/jpeg", metadata)
