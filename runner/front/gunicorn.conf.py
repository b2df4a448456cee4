"""gunicorn's settings for the front door: one process, and a thread for each request at a time."""

from __future__ import annotations

import os

from front.settings import Front
from pipeline.cloud import logs
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

logconfig_dict = logs.of_gunicorn()
