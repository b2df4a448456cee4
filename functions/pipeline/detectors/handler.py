"""`detect`: a finalised frame is shown to the provider, and what it sees is merged into the frame's document.

Idempotent: a kind that has been analysed is not asked for again (each call is billed) unless somebody requests it, once
per request, and an error is recorded where the result would stand until a later delivery replaces it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from .. import names, objects, reanalysis
from ..cached import Cached
from ..clients import preload
from ..errors import BadRequest, MediaAnalyzerError, NotFound, Poison, Stale
from ..events import FINALIZE, ObjectEvent
from ..model import Analysis, FrameRef, Kind, StreamSettings
from ..settings import Common, load, setting
from ..store import brands, frames, streams
from . import detector
from .base import Detector, Image
from .selection import select

log = logging.getLogger(__name__)
_NOTICED = 5.0  # seconds until a changed setting is noticed


@dataclass(frozen=True, slots=True)
class Detection:
    """What is looked for, unless a stream says otherwise."""

    kinds: tuple[str, ...] = setting("DETECT_KINDS", "kinds of detections, with commas", ("logo", "text"))
    provider: str = setting("DETECT_PROVIDER", "which provider detects: vision", "vision")
    threshold: float = setting("DETECT_THRESHOLD", "confidence, 0 to 1, from which on a detection is kept", 0.5)


@cache
def detection() -> Detection:
    """The settings of this process."""
    return load(Detection)


def prepare() -> None:
    """Fails at start where a variable is missing or names what does not exist."""
    load(Common)
    detector(detection().provider)
    _kinds(StreamSettings())
    preload("firestore")


_streams = Cached(lambda stream: streams.get(stream).settings, _NOTICED)
_brands = Cached(lambda _: brands.enabled(), _NOTICED)


def forget() -> None:
    """Reads settings again at the next event."""
    _streams.clear()
    _brands.clear()


def detect(event: ObjectEvent) -> None:
    """Analyses the frame that `event` is about. Raises Poison, Stale, QuotaExceeded, Unavailable."""
    if event.event_type != FINALIZE:
        raise Poison(f"{event.event_type} of {event.name}: only {FINALIZE} is expected here")
    try:
        ref = names.parse_frame(event.name)
        settings = _streams.get(ref.stream)
    except BadRequest as error:
        raise Poison(str(error)) from None
    except NotFound:
        raise Stale(f"the stream of {event.name} has been deleted") from None
    image = Image(event.bucket, event.name, event.generation, *objects.frame_size(event.name, event.metadata))
    asked = _asked(event)
    done = frames.done_kinds(ref, asked.request)
    missing = [kind for kind in asked.kinds or _kinds(settings) if kind not in done]
    if missing:
        _analyse(ref, image, settings, asked, missing)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request to look again wants (pipeline.reanalysis); None and () where it is the frame's first event."""

    request: str | None
    kinds: tuple[Kind, ...]


def _asked(event: ObjectEvent) -> _Asked:
    kinds = event.metadata.get(reanalysis.KINDS, "")
    try:
        return _Asked(event.metadata.get(reanalysis.REQUEST), tuple(Kind(kind) for kind in kinds.split(",") if kind))
    except ValueError as error:
        raise Poison(f"{event.name} asks for what is no kind of detection: {error}") from None


def _analyse(ref: FrameRef, image: Image, settings: StreamSettings, asked: _Asked, missing: Sequence[Kind]) -> None:
    provider = detector(detection().provider)
    wanted = tuple(dict.fromkeys((*_kinds(settings), *asked.kinds)))
    able = [kind for kind in missing if kind in provider.kinds]
    unable = [
        _failed(provider, kind, f"{provider.name} cannot look for {kind}") for kind in missing if kind not in able
    ]
    try:
        found = provider.detect(image, able) if able else ()
    except Stale:
        raise
    except MediaAnalyzerError as error:
        frames.write_analyses(
            ref, wanted, [*unable, *(_failed(provider, kind, str(error)) for kind in able)], asked.request
        )
        raise
    threshold = detection().threshold if settings.threshold is None else settings.threshold
    known = _brands.get("") if Kind.LOGO in able else ()
    selected = [select(analysis, threshold, known, settings.brands) for analysis in found]
    frames.write_analyses(ref, wanted, [*unable, *selected], asked.request)
    log.info(
        "%s: %s", image.name, ", ".join(f"{len(one.detections)} {one.kind}" for one in selected) or "nothing asked"
    )


def _kinds(settings: StreamSettings) -> tuple[Kind, ...]:
    return settings.kinds or tuple(Kind(kind) for kind in detection().kinds)


def _failed(provider: Detector, kind: Kind, error: str) -> Analysis:
    return Analysis(kind, provider.name, provider.model, 0, error=error)
