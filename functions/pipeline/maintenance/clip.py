"""Keeps the CLIP service's instance while a live stream wants it: one request a minute.

An instance with a GPU takes some ten seconds to start and is billed while it stands. Cloud Run lets an idle one go
after ten minutes at most, so a request each minute keeps it where the gate sends on few frames; without any it goes by
itself. The first frame of a stream starts an instance where no request of this module has done so yet.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import requests

from ..detection.service.id_token import headers
from ..detection.settings import detection
from ..documents import analysis_config, streams
from ..domain.errors import NotFound, Unavailable
from ..domain.model import Kind, Stream
from ..domain.providers import called

log = logging.getLogger(__name__)
_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 20.0
_RECENT = timedelta(minutes=5)  # longer than any gap between segments: a stream that fell silent keeps no GPU


def sweep(now: datetime) -> int:
    """Calls the service at CLIP_URL if a stream wants it. Returns the number of calls. Raises Unavailable."""
    endpoint = detection().endpoint("clip")
    if not endpoint:
        return 0
    wanting = sum(_sends(stream, now) and _prefers(stream, endpoint) for stream in streams.active())
    if not wanting:
        return 0
    log.info("%d streams want the CLIP service", wanting)  # an alert counts this line: the log-based metric clip_wanted
    _call(endpoint)
    return 1


def _call(endpoint: str) -> None:
    """One request for `/health`. Cloud Run holds it until an instance has started."""
    try:
        response = requests.get(
            f"{endpoint}/health",
            timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS),
            headers=headers(endpoint),
            allow_redirects=False,
        )
    except requests.ReadTimeout:
        log.info("the CLIP service has not answered within %.0f s: an instance is starting", _ANSWER_SECONDS)
        return
    except requests.RequestException as error:
        raise Unavailable(f"the CLIP service did not answer: {type(error).__name__}") from error
    if response.status_code != 200:
        raise Unavailable(f"the CLIP service answered {response.status_code}")


def _sends(stream: Stream, now: datetime) -> bool:
    return stream.last_segment_at is not None and stream.last_segment_at >= now - _RECENT


def _prefers(stream: Stream, endpoint: str) -> bool:
    """True if the stream's first choice for a kind is a provider at `endpoint`."""
    try:
        settings = analysis_config.of(stream.id).settings
    except NotFound:  # deleted meanwhile
        return False
    kinds = settings.kinds or tuple(Kind(kind) for kind in detection().kinds)
    first = {(settings.providers.get(kind) or detection().providers)[0] for kind in kinds}
    wanted = [called(name, settings, detection().endpoint(name)) for name in first]
    return any(one.endpoint == endpoint for one in wanted if one)
