"""Every route, and the function that answers it."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug import Response
from werkzeug.routing import Map, Rule

from .handlers import (
    analysis,
    brands,
    dead_letters,
    events,
    grants,
    health,
    openapi,
    providers,
    reports,
    sessions,
    streams,
    uploads,
)

ROUTES = Map(
    [
        Rule("/health", methods=["GET"], endpoint=health.health),
        Rule("/openapi.json", methods=["GET"], endpoint=openapi.document),
        Rule("/events/segments", methods=["POST"], endpoint=events.announce),
        Rule("/brands", methods=["POST"], endpoint=brands.create),
        Rule("/brands", methods=["GET"], endpoint=brands.list_page),
        Rule("/brands/<brand>", methods=["GET"], endpoint=brands.get),
        Rule("/brands/<brand>", methods=["PATCH"], endpoint=brands.change),
        Rule("/brands/<brand>", methods=["DELETE"], endpoint=brands.delete),
        Rule("/brands/<brand>/references", methods=["POST"], endpoint=brands.add_reference),
        Rule("/brands/<brand>/references/<name>", methods=["GET"], endpoint=brands.show_reference),
        Rule("/brands/<brand>/references/<name>", methods=["DELETE"], endpoint=brands.remove_reference),
        Rule("/config/analysis", methods=["GET"], endpoint=analysis.get),
        Rule("/config/analysis", methods=["PATCH"], endpoint=analysis.change),
        Rule("/providers", methods=["GET"], endpoint=providers.list_all),
        Rule("/providers/<provider>/health", methods=["GET"], endpoint=providers.health),
        Rule("/providers/<provider>/info", methods=["GET"], endpoint=providers.info),
        Rule("/dead-letters", methods=["GET"], endpoint=dead_letters.list_newest),
        Rule("/dead-letters/retry", methods=["POST"], endpoint=dead_letters.retry_some),
        Rule("/dead-letters/<letter>/retry", methods=["POST"], endpoint=dead_letters.retry),
        Rule("/dead-letters/<letter>", methods=["DELETE"], endpoint=dead_letters.discard),
        Rule("/streams", methods=["POST"], endpoint=streams.create),
        Rule("/streams", methods=["GET"], endpoint=streams.list_page),
        Rule("/streams/<stream>", methods=["GET"], endpoint=streams.get),
        Rule("/streams/<stream>", methods=["PATCH"], endpoint=streams.change),
        Rule("/streams/<stream>", methods=["DELETE"], endpoint=streams.delete),
        Rule("/streams/<stream>/key", methods=["POST"], endpoint=streams.rotate_key),
        Rule("/streams/<stream>/grants", methods=["POST"], endpoint=grants.create),
        Rule("/streams/<stream>/grants/revoke", methods=["POST"], endpoint=grants.revoke),
        Rule("/streams/<stream>/stop", methods=["POST"], endpoint=streams.stop),
        Rule("/streams/<stream>/sessions", methods=["GET"], endpoint=sessions.list_page),
        Rule("/streams/<stream>/sessions/<session>", methods=["GET"], endpoint=sessions.get),
        Rule("/streams/<stream>/sessions/<session>/analyses", methods=["POST"], endpoint=sessions.analyse),
        Rule("/streams/<stream>/sessions/<session>/preview", methods=["POST"], endpoint=sessions.preview),
        Rule("/streams/<stream>/sessions/<session>/exposure", methods=["GET"], endpoint=reports.exposure),
        Rule("/streams/<stream>/sessions/<session>/exposure.csv", methods=["GET"], endpoint=reports.exposure_csv),
        Rule("/streams/<stream>/sessions/<session>/appearances", methods=["GET"], endpoint=reports.appearances),
        Rule("/streams/<stream>/sessions/<session>/cost", methods=["GET"], endpoint=reports.cost),
        Rule("/streams/<stream>/uploads", methods=["POST"], endpoint=uploads.create),
    ],
    strict_slashes=False,
)

OPEN: frozenset[Callable[..., Response]] = frozenset(
    {health.health, openapi.document, events.announce, grants.create, brands.show_reference}
)
"""Routes without a key: announcements are signed instead; pictures and video are open, since viewers do not sign in."""

BY_STREAM_KEY: frozenset[Callable[..., Response]] = frozenset(
    {uploads.create, reports.exposure, reports.exposure_csv, reports.appearances, reports.cost}
)
"""Routes that a stream's own key opens too."""
