"""Refused attempts: logged with address and route, counted, and slowed where a key was wrong."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.cloud import caller, metrics
from pipeline.cloud.throttle import Throttle
from pipeline.domain.errors import Forbidden, LimitReached, Unauthorized

from .api.settings import api

if TYPE_CHECKING:
    from collections.abc import Generator

    from werkzeug import Request

log = logging.getLogger(__name__)

wrong_keys = Throttle()
"""The addresses that sent wrong keys to this instance."""


def note(request: Request, error: Exception) -> None:
    """Logs and counts `error`, if it refuses an attempt: a missing or wrong key, no right, or too many attempts."""
    if not isinstance(error, (Unauthorized, Forbidden, LimitReached)):
        return
    reason = type(error).__name__
    labels = {"address": address(request), "route": f"{request.method} {request.path}", "reason": reason}
    log.warning("refused: %s", error, extra={"labels": labels})
    metrics.count("refused_attempts", reason=reason)


@contextmanager
def slowed(request: Request) -> Generator[None]:
    """Around the check of a key. Raises LimitReached, without a check, while its address has sent too many."""
    wrong_keys.check(address(request))
    try:
        yield
    except Unauthorized:
        wrong_keys.failed(address(request))
        raise


def address(request: Request) -> str:
    """The caller's address."""
    return caller.address(request, api().trusted_hops)
