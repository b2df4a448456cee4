"""Cloud Run's request log: a JSON line for each request, with its whole address."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .heads import Request, Trace
from .workload import Workload

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a request. `latency` in seconds, sizes in bytes; `reason`: why the front end refused it."""

    status: int
    latency: float
    received: int
    sent: int
    reason: str = ""


def say(line: str) -> None:
    """To the log of this process."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def entry(
    project: str, workload: Workload, request: Request, caller: str, trace: Trace, outcome: Outcome
) -> dict[str, Any]:
    """As Cloud Logging has it.

    https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#HttpRequest
    """
    host = request.header(b"host").decode("latin-1")
    written: dict[str, Any] = {
        "logName": f"projects/{project}/logs/run.googleapis.com%2Frequests",
        "severity": "ERROR" if outcome.status >= 500 else "WARNING" if outcome.status >= 400 else "INFO",
        "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "trace": f"projects/{project}/traces/{trace.id}",
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": workload.service}},
        "httpRequest": {
            "requestMethod": request.method.decode("latin-1"),
            "requestUrl": f"http://{host}{request.target.decode('latin-1')}",
            "requestSize": str(outcome.received),
            "status": outcome.status,
            "responseSize": str(outcome.sent),
            "userAgent": request.header(b"user-agent").decode("latin-1"),
            "remoteIp": caller,
            "latency": f"{outcome.latency:.6f}s",
            "protocol": f"HTTP/{request.version}",
        },
    }
    if outcome.reason:
        written["textPayload"] = outcome.reason
    return written


def line(written: dict[str, Any]) -> str:
    """One line of JSON."""
    return json.dumps(written, separators=(",", ":"))
