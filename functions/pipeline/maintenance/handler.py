"""Runs every duty. A duty that fails does not keep the others from their turn, and runs again a minute later."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from werkzeug import Response

from ..clips.job import job as cutter
from ..cloud import metrics
from ..cloud.google_errors import translate
from ..domain.quotas import prepare as prepare_quotas
from ..domain.settings import Common, load
from ..imports.job import job
from ..speech.settings import transcription
from . import announced, clip, control, cutting, imports, quotas, rules, sessions, silence, tenancy, transcripts

if TYPE_CHECKING:
    from werkzeug import Request

log = logging.getLogger(__name__)

DUTIES: Mapping[str, Callable[[datetime], int]] = {
    "control": control.move,
    "configuration": control.publish,
    "sessions": sessions.sweep,
    "announced": announced.sweep,
    "imports": imports.sweep,
    "clips": cutting.sweep,
    "clip": clip.sweep,
    "silence": silence.sweep,
    "transcripts": transcripts.sweep,
    "tenancy": tenancy.sweep,
    "quotas": quotas.sweep,
    "rules": rules.sweep,
}
"""Functions by name; each gets the time (UTC) and returns how much it did. All are idempotent."""


def prepare() -> None:
    """Fails at start if a variable is missing."""
    load(Common)
    prepare_quotas()
    transcription()
    job()
    cutter()


def respond(request: Request) -> Response:
    """Runs the duties and answers with their outcomes, as JSON; 500 if one failed, so that the scheduler logs it.

    Only the scheduler may call."""
    now, done, failed = datetime.now(UTC), dict[str, int](), dict[str, str]()
    for name, duty in DUTIES.items():
        began = time.monotonic()
        try:
            done[name] = duty(now)
        except Exception as error:  # the edge of each duty: the others still have their turn
            failed[name] = str(translate(error))
            log.error("housekeeping: %s failed", name, exc_info=error, extra={"labels": {"duty": name}})
        metrics.measure("housekeeping_seconds", time.monotonic() - began, duty=name)
    return Response(
        json.dumps({"done": done, "failed": failed}), 500 if failed else 200, content_type="application/json"
    )
