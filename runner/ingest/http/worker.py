"""A gunicorn worker for senders that do not wait for answers."""

from __future__ import annotations

import errno
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

_GONE = (errno.EPIPE, errno.ECONNRESET)


class PatientWorker(ThreadWorker):
    """Reads the requests that a sender sent before it left.

    ffmpeg's HLS muxer sends one request after another on its connection and exits with the last. The answer to an
    earlier one then fails, and gunicorn would drop the connection with the last segment and playlist unread in it.
    """

    def handle_request(self, req: Any, conn: Any) -> bool:
        """Whether the connection may carry a further request."""
        try:
            return bool(super().handle_request(req, conn))
        except OSError as error:
            if error.errno in _GONE and not req.should_close():
                return True
            raise
