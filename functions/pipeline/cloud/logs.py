"""Logs as Cloud Logging reads them: one JSON object a line, on stderr.

Labels come from `extra={"labels": {...}}` on any call of the logging module; an exception becomes `stack_trace`, which
Error Reporting groups by. Inside a span (tracing.py) a line names its trace. Keys are blanked (redact.py).
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from .redact import RedactKeys


class JsonFormatter(logging.Formatter):
    """severity, message, time, logger, labels, stack_trace, and the trace that the line belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "severity": record.levelname,
            "message": record.getMessage(),
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "logger": record.name,
        }
        labels: Mapping[str, Any] | None = getattr(record, "labels", None)
        if labels:
            entry["logging.googleapis.com/labels"] = {name: str(value) for name, value in labels.items()}
        # No span is current where tracing was never loaded, as in the RTMP relay.
        if tracing := sys.modules.get(f"{__package__}.tracing"):
            entry |= tracing.log_fields(os.environ.get("GOOGLE_CLOUD_PROJECT", ""))
        if record.exc_info:
            entry["stack_trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def configure(level: str | None = None) -> None:
    """Makes every logger of this process write JSON, once. `level` defaults to LOG_LEVEL."""
    root = logging.getLogger()
    root.setLevel(level or os.environ.get("LOG_LEVEL") or "INFO")
    if not any(isinstance(handler.formatter, JsonFormatter) for handler in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(JsonFormatter())
        handler.addFilter(RedactKeys())
        root.addHandler(handler)


def of_gunicorn(*, access: bool = False) -> dict[str, Any]:
    """gunicorn's `logconfig_dict`: the same lines from every logger; with `access` one for each request too."""
    told = ("gunicorn.error", "gunicorn.access") if access else ("gunicorn.error",)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"redact": {"()": RedactKeys}},
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "filters": ["redact"]}},
        "root": {"level": os.environ.get("LOG_LEVEL", "INFO"), "handlers": ["stderr"]},
        "loggers": {name: {"level": "INFO", "propagate": True, "handlers": []} for name in told},
    }
