"""Names by which this machine calls itself: what listens here answers to no other.

A page of any site can make its own name resolve to 127.0.0.1, and then read what listens there as its own origin (DNS
rebinding). Its requests carry that name as their Host.
"""

from __future__ import annotations

from urllib.parse import urlsplit

_OURS = frozenset(("127.0.0.1", "localhost", "::1"))


def is_ours(host: str | None) -> bool:
    """Whether the Host header of a request names this machine. Clients of HTTP/1.0 send none."""
    if not host:
        return True
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in _OURS or name.endswith(".localhost")
