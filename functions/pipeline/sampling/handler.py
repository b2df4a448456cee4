"""`sample`: a finalised segment becomes the frames worth analysing, and what can be said of them at once.

Idempotent: names and ids derive from the segment and from media time. A delivery of a segment that is done is
acknowledged; two deliveries at once look in the same places and write the same things.
"""

from __future__ import annotations

import logging
import zlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

import numpy as np

from .. import names, objects
from ..clients import preload
from ..errors import Poison, Stale
from ..events import FINALIZE, ObjectEvent
from ..model import FrameRef, GateMemory, Reason, SampledFrame, SampledSegment, Segment
from ..settings import Common, load, setting
from ..store import frames as store
from . import picture
from .decode import Look, looks
from .gate import Analysed, Policy, decide

log = logging.getLogger(__name__)
_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Sampling:
    """How segments are sampled."""

    looks_per_second: float = setting("LOOKS_PER_SECOND", "frames a second that the gate compares", 5.0)
    minimum: float = setting("SAMPLE_MIN_INTERVAL", "seconds that must pass between frames sent on", 1.0)
    maximum: float = setting("SAMPLE_MAX_INTERVAL", "seconds after which one is sent on unchanged", 4.0)
    share: float = setting("SAMPLE_CHANGE", "share of the picture, 0 to 1, from which on it has changed", 0.02)
    quality: int = setting("JPEG_QUALITY", "of the frames sent on, 1 to 100", 82)
    largest: int = setting("SEGMENT_MAX_MIB", "a larger segment is refused, in MiB", 64)

    def policy(self) -> Policy:
        """The gate's."""
        return Policy(self.minimum, self.maximum, self.share)


@cache
def sampling() -> Sampling:
    """The settings of this process."""
    return load(Sampling)


def prepare() -> None:
    """Fails at start where a variable is missing."""
    load(Common)
    sampling()
    preload("storage", "firestore")


def sample(event: ObjectEvent) -> None:
    """Samples the segment that `event` is about. Raises Stale, Poison."""
    if event.event_type != FINALIZE:
        raise Poison(f"{event.event_type} of {event.name}: only {FINALIZE} is expected here")
    segment = objects.segment(event.name, event.metadata)
    if event.size > sampling().largest * _MIB:
        raise Poison(f"{event.name} has {event.size / _MIB:.0f} MiB, more than SEGMENT_MAX_MIB={sampling().largest}")
    data = _writers().submit(objects.read, event.name, event.generation)
    context = store.segment_context(segment.ref)
    if not context.stream_exists:
        raise Stale(f"stream {segment.ref.stream!r} has been deleted")
    if context.done:
        return
    run = _Run(segment, event, context.gate)
    for look in looks(data.result(), sampling().looks_per_second, segment.duration):
        run.see(look)
    run.finish()


@cache
def _writers() -> ThreadPoolExecutor:
    """Uploads and writes, of all segments in flight: while they wait, decoding goes on."""
    return ThreadPoolExecutor(8, thread_name_prefix="writer")


@dataclass(slots=True)
class _Run:
    """One segment on its way through the gate."""

    segment: Segment
    event: ObjectEvent
    memory: GateMemory | None
    last: Analysed | None = None
    before: picture.Plane | None = None
    motions: list[float] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    writes: list[Future[None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.memory:
            plane = _unpack(self.memory.analysed)
            self.last = None if plane is None else Analysed(self.memory.media_time, plane)
            self.before = _unpack(self.memory.look)

    def see(self, look: Look) -> None:
        """Compares a frame, and sends it on where the gate says so."""
        media_time = self.segment.media_time + look.offset
        plane = picture.luma(look.frame)
        self.motions.append(0.0 if self.before is None else picture.motion(self.before, plane))
        self.before = plane
        reason = decide(self.last, media_time, plane, sampling().policy())
        if reason:
            self.last = Analysed(media_time, plane)
            self.send(look, media_time, reason)

    def send(self, look: Look, media_time: float, reason: Reason) -> None:
        """Writes a frame's document and its object, at the same time: the first result does not wait for the upload."""
        pixels = picture.bgr(look.frame)
        ref = FrameRef(self.segment.ref.stream, self.segment.ref.session, round(media_time * 1000))
        frame = SampledFrame(
            ref=ref,
            media_time=round(media_time, 6),
            segment=self.segment.ref.sequence,
            finalized_at=self.event.finalized_at,
            program_date_time=self.segment.program_date_time + timedelta(seconds=look.offset),
            reason=reason,
            width=look.frame.width,
            height=look.frame.height,
            visual=picture.visual(pixels),
            motion=round(self.motions[-1], 4),
            snapshot=names.frame_object(ref),
        )
        self.chosen.append(ref.media_ms)
        self.writes.append(_writers().submit(store.write_frame, frame))
        self.writes.append(_writers().submit(_upload, frame, pixels))

    def finish(self) -> None:
        """Waits for the writes, then says that the segment is done."""
        for write in self.writes:
            write.result()
        assert self.last is not None and self.before is not None  # decoding gives a first look or raises
        sampled = SampledSegment(
            segment=self.segment,
            finalized_at=self.event.finalized_at,
            looked_at=len(self.motions),
            frames=tuple(self.chosen),
            same_as=None if self.chosen else round(self.last.media_time * 1000),
            motion=round(sum(self.motions) / len(self.motions), 4),
        )
        store.write_segment(sampled, GateMemory(self.last.media_time, _pack(self.last.plane), _pack(self.before)))
        log.info("%s: looked at %d, sent on %d", self.event.name, sampled.looked_at, len(sampled.frames))


def _upload(frame: SampledFrame, pixels: picture.Plane) -> None:
    data = picture.jpeg(pixels, sampling().quality)
    objects.write_new(frame.snapshot, data, "image/jpeg", objects.frame_metadata(frame))


def _pack(plane: picture.Plane) -> bytes:
    return zlib.compress(plane.tobytes())


def _unpack(packed: bytes) -> picture.Plane | None:
    """The plane; None where an earlier release, with planes of another size, packed it."""
    plane = np.frombuffer(zlib.decompress(packed), np.uint8)
    return plane.reshape(picture.HEIGHT, picture.WIDTH) if plane.size == picture.HEIGHT * picture.WIDTH else None
