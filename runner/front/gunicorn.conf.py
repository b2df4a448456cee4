"""How gunicorn serves the front door: one process, and a thread for each request that it answers at a time."""

from __future__ import annotations

import os
from typing import Any

from front.settings import Front
from pipeline.domain.settings import load

_SPARE = 4  # threads for health checks

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8080')}"
workers = 1  # the page's files are kept in memory once
worker_class = "gthread"
threads = load(Front).max_requests + _SPARE
timeout = 0  # Cloud Run limits a request itself
graceful_timeout = 9  # Cloud Run kills 10 s after SIGTERM
control_socket_disable = True  # it lies in the home folder, one for all instances
keepalive = 75

logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "pipeline.cloud.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": os.environ.get("LOG_LEVEL", "INFO"), "handlers": ["stderr"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []}},
}
