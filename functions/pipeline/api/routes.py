"""Every route, and the function that answers it."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug import Response
from werkzeug.routing import Map, Rule

from . import health, streams, uploads

ROUTES = Map(
    [
        Rule("/health", methods=["GET"], endpoint=health.health),
        Rule("/streams", methods=["POST"], endpoint=streams.create),
        Rule("/streams", methods=["GET"], endpoint=streams.list_page),
        Rule("/streams/<stream>", methods=["GET"], endpoint=streams.get),
        Rule("/streams/<stream>", methods=["PATCH"], endpoint=streams.change),
        Rule("/streams/<stream>", methods=["DELETE"], endpoint=streams.delete),
        Rule("/streams/<stream>/uploads", methods=["POST"], endpoint=uploads.create),
    ],
    strict_slashes=False,
)

OPEN: frozenset[Callable[..., Response]] = frozenset({health.health})
"""Those that need no key."""

BY_STREAM_KEY: frozenset[Callable[..., Response]] = frozenset({uploads.create})
"""Those that a stream's own key opens too."""
