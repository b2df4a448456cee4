"""The caller's address. On Cloud Run the peer is Google's front end, which notes the caller in X-Forwarded-For."""

from __future__ import annotations

from werkzeug import Request


def address(request: Request, trusted_hops: int) -> str:
    """The caller's address.

    A front end appends the address that it sees to X-Forwarded-For, after what the caller wrote there itself. So the
    caller is the entry `trusted_hops` from the end: 1 on Cloud Run, 2 where its load balancer stands before it (which
    appends its own address too), 0 where nothing does: then it is the socket's other end, and the header is not read.
    """
    if not trusted_hops:
        return request.remote_addr or "unknown"
    noted = [part.strip() for part in ",".join(request.headers.getlist("X-Forwarded-For")).split(",")]
    return noted[-trusted_hops:][0] or request.remote_addr or "unknown"
