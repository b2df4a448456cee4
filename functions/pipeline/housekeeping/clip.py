"""The CLIP service on Cloud Run: kept warm while a stream that prefers it is live, and let go after the last.

An instance with a GPU takes some ten seconds to start and is billed while it stands. The first frames of a stream start
one by themselves; the minimum keeps it from being let go where the gate sends on few frames.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from ..clients import services_client
from ..detectors.settings import detection
from ..errors import NotFound
from ..model import Kind, Stream
from ..settings import load, setting
from ..store import config, streams

log = logging.getLogger(__name__)
_TIMEOUT = 20  # seconds of one call
_RECENT = timedelta(minutes=5)  # longer than any gap between segments: a stream that fell silent keeps no GPU


@dataclass(frozen=True, slots=True)
class Warm:
    """Which service is kept warm."""

    service: str = setting("CLIP_SERVICE", "the CLIP service: projects/PROJECT/locations/REGION/services/NAME", "")


@cache
def warm() -> Warm:
    """The settings of this process."""
    return load(Warm)


def sweep(now: datetime) -> int:
    """Sets the least number of instances to 1 or 0; whether that was a change. Idempotent."""
    name = warm().service
    if not name:
        return 0
    wanting = sum(_sends(stream, now) and _prefers(stream) for stream in streams.active())
    wanted = int(wanting > 0)
    if wanted:
        log.info("%d streams want the CLIP service", wanting)  # an alert counts this line: infra/components/log_metrics
    service = services_client().get_service(name=name, timeout=_TIMEOUT)
    if service.scaling.min_instance_count == wanted:
        return 0
    from google.cloud import run_v2

    # The service's own minimum, not its template's: no new revision comes of it.
    service.scaling.min_instance_count = wanted
    mask = {"paths": ["scaling.min_instance_count"]}
    request = run_v2.UpdateServiceRequest(service=service, update_mask=mask)  # pyright: ignore[reportArgumentType]
    services_client().update_service(request, timeout=_TIMEOUT)
    log.info("the CLIP service is %s", "kept warm" if wanted else "let go")
    return 1


def _sends(stream: Stream, now: datetime) -> bool:
    return stream.last_segment_at is not None and stream.last_segment_at >= now - _RECENT


def _prefers(stream: Stream) -> bool:
    """Whether the stream's first choice for a kind is CLIP, and nobody has put that elsewhere."""
    try:
        settings = config.of(stream.id).settings
    except NotFound:  # deleted meanwhile
        return False
    place = settings.places.get("clip")
    if place and place != detection().clip_url:
        return False
    kinds = settings.kinds or tuple(Kind(kind) for kind in detection().kinds)
    return any((settings.providers.get(kind) or detection().providers)[0] == "clip" for kind in kinds)
