"""Times of a lease, which its holder and its keeper share."""

from __future__ import annotations

RENEW_EVERY = 5.0  # seconds
LASTS = 15.0  # seconds after a renewal
RESUME_SECONDS = 30.0
