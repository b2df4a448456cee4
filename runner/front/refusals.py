"""Refused attempts: logged with address and route, counted, and slowed where a key was wrong."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipeline.cloud import metrics
from pipeline.domain.errors import Forbidden, LimitReached, Unauthorized
from pipeline.domain.throttle import Throttle

if TYPE_CHECKING:
    from collections.abc import Generator

    from werkzeug import Request

log = logging.getLogger(__name__)

wrong_keys = Throttle()
"""The addresses that sent wrong keys to this instance."""


def note(request: Request, address: str, error: Exception) -> None:
    """Logs and counts `error`, if it refuses an attempt: a missing or wrong key, no right, or too many attempts."""
    if not isinstance(error, (Unauthorized, Forbidden, LimitReached)):
        return
    reason = type(error).__name__
    labels = {"address": address, "route": f"{request.method} {request.path}", "reason": reason}
    log.warning("refused: %s", error, extra={"labels": labels})
    metrics.count("refused_attempts", reason=reason)


@contextmanager
def slowed(address: str) -> Generator[None]:
    """Around the check of a key. Raises LimitReached, without a check, while `address` has sent too many wrong ones."""
    wrong_keys.check(address)
    try:
        yield
    except Unauthorized:
        wrong_keys.failed(address)
        raise
