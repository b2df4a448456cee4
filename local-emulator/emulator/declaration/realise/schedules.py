"""Cloud Scheduler's jobs, as timers."""

from __future__ import annotations

from typing import Any

from ...emulators.cloud_scheduler import Timer
from ...errors import Unrealisable
from ..graph import Resource
from .context import Context


def schedules(context: Context) -> list[Timer]:
    """The timer of each scheduled job."""
    return [_timer(job) for job in context.graph.of("gcp:cloudscheduler/job:Job")]


def _timer(job: Resource) -> Timer:
    target: dict[str, Any] | None = job.inputs.get("httpTarget")
    if not target or job.inputs.get("timeZone", "Etc/UTC") not in ("Etc/UTC", "UTC"):
        raise Unrealisable(f"{job.label}: only calls over HTTP at times in UTC have a meaning here")
    return Timer(
        name=job.name,
        cron=job.inputs["schedule"],
        url=target["uri"],
        method=target.get("httpMethod", "POST"),
        deadline=float(str(job.inputs.get("attemptDeadline", "180s")).removesuffix("s")),
    )
