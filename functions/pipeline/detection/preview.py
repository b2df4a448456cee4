"""Preview of a stored frame's detections at any threshold, for choosing one. Writes nothing but what it cost.

One frame a call, and few at a time: each costs as much as a frame that `detect` looks at.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import BoundedSemaphore

from ..cloud import objects
from ..cloud.clients import media_bucket
from ..documents import analysis_config, frames
from ..documents.quota.spending import spending
from ..domain import names
from ..domain.errors import NotFound, Unavailable
from ..domain.model import Analysis, FrameRef, Kind
from ..reports.prices import of_frame
from .base import DetectRequest, Image
from .provider_choice import choose
from .selection import select
from .settings import detection

_AT_ONCE = BoundedSemaphore(2)  # a look takes a core and some hundred megabytes
_WAIT_SECONDS = 5.0  # for a turn
_TIMEOUT = 20  # seconds
_MIN_CONFIDENCE = 0.05  # below it are many guesses, of no use
_MAX_DETECTIONS = 100


@dataclass(frozen=True, slots=True)
class Preview:
    """`analysis` has every logo that the provider named, surest first; `threshold` is the stream's own, for brands
    without one."""

    analysis: Analysis
    threshold: float


def preview(ref: FrameRef) -> Preview:
    """Shows a stored frame to the provider of its stream's logos. Raises NotFound, Unavailable, QuotaExceeded,
    OverBudget."""
    analysis_config.refresh()  # the caller has just changed a setting
    configured = analysis_config.of(ref.stream)
    image = _image(ref)
    choices, unserved = choose((Kind.LOGO,), configured.settings)
    if unserved:
        raise Unavailable(unserved[0].failure.message)
    paid = of_frame(choices[0].serving.name, (Kind.LOGO,))
    if paid:
        spending.check(ref.stream, configured.tenant)
    brands = analysis_config.brands(configured)
    if not _AT_ONCE.acquire(timeout=_WAIT_SECONDS):
        raise Unavailable("too many previews at once: try again in a moment")
    try:
        served = choices[0].serving
        with served.watched():
            [seen] = served.detector.detect(image, DetectRequest((Kind.LOGO,), brands, _MIN_CONFIDENCE))
    finally:
        _AT_ONCE.release()
    if paid:
        frames.pay(ref, paid, tenant=configured.tenant, paid_at=frames.looked(ref).paid_at)
    without = [replace(brand, threshold=None) for brand in brands]
    everything = select(choices[0].serving.counted(seen), _MIN_CONFIDENCE, without, ())
    surest = sorted(everything.detections, key=lambda one: -one.confidence)[:_MAX_DETECTIONS]
    analysis = replace(everything, detections=tuple(surest), fallback_from=choices[0].fallback_from)
    return Preview(analysis, configured.settings.threshold.get(Kind.LOGO, detection().threshold))


def _image(ref: FrameRef) -> Image:
    name = names.frame_object(ref)
    blob = media_bucket().get_blob(name, timeout=_TIMEOUT)
    if blob is None or blob.generation is None:
        raise NotFound(f"frame {name} does not exist: it may have expired")
    return Image(str(media_bucket().name), name, blob.generation, *objects.frame_size(name, blob.metadata or {}))
