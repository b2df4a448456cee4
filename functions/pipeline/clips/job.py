"""The Cloud Run job that cuts clips: starts an execution for one of them, and finds it again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from ..domain.settings import load, setting
from ..jobs import executions


@dataclass(frozen=True, slots=True)
class Job:
    """Settings of the job."""

    name: str = setting("CUTTER_JOB", "job that cuts clips: `projects/PROJECT/locations/REGION/jobs/NAME`")


@cache
def job() -> Job:
    """The settings of this process."""
    return load(Job)


def start(stream: str, clip: str, *, new: bool) -> str:
    """Starts the execution that cuts this clip, unless one is under way that an earlier attempt started. Returns its
    name."""
    arguments = ["--stream", stream, "--clip", clip]
    earlier = None if new else executions.find(job().name, arguments)
    if earlier and executions.outcome(earlier) is None:
        return earlier
    return executions.run(job().name, arguments)
