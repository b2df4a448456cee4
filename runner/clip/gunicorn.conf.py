"""How gunicorn serves the CLIP service: one process, which has the model, and a thread for each image it lets in."""

from __future__ import annotations

import os
from typing import Any

from clip.settings import Clip
from pipeline.domain.settings import load

_SPARE = 8  # threads for health checks and refusals: a full service answers 429, it does not keep callers waiting

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8080')}"
workers = 1  # the model is loaded once
worker_class = "gthread"
threads = load(Clip).queue + _SPARE
timeout = 0  # Cloud Run limits a request itself; loading a model takes its time
graceful_timeout = 9  # Cloud Run kills 10 s after SIGTERM
keepalive = 75

logconfig_dict: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "pipeline.cloud.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"level": os.environ.get("LOG_LEVEL", "INFO"), "handlers": ["stderr"]},
    "loggers": {"gunicorn.error": {"level": "INFO", "propagate": True, "handlers": []}},
}
