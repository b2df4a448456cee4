"""gunicorn's configuration for the CLIP service: one process with the model, one thread for each admitted image."""

from __future__ import annotations

import os

from clip.settings import Clip
from pipeline.cloud import logs
from pipeline.domain.settings import load

_SPARE = 8  # threads for health checks and refusals: a full service answers 429, it does not keep callers waiting

bind = f"{os.environ.get('HOST', '0.0.0.0')}:{os.environ.get('PORT', '8080')}"
workers = 1  # the model is loaded once
worker_class = "gthread"
threads = load(Clip).queue + _SPARE
timeout = 0  # Cloud Run limits a request itself; loading a model takes its time
graceful_timeout = 9  # Cloud Run kills 10 s after SIGTERM
keepalive = 75

logconfig_dict = logs.of_gunicorn()
