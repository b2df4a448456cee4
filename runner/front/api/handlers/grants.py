"""Grants of a stream's media: given, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from werkzeug import Response

from pipeline.cloud import metrics
from pipeline.domain import names

from ... import grants
from ...settings import front
from ..requests import json_response

if TYPE_CHECKING:
    from werkzeug import Request


def create(request: Request, stream: str) -> Response:
    """POST /streams/{stream}/grants: 201 with the address of its media, and when that expires. Open to all."""
    settings = front()
    grant = grants.issue(names.check_stream(stream), settings.grant_secret, settings.grant_seconds)
    told = {"url": f"/m/{grant.text}/", "expires": datetime.fromtimestamp(grant.until, UTC).isoformat()}
    response = json_response({"grant": told}, 201)
    response.call_on_close(partial(metrics.count, "grants_made"))
    return response


def revoke(request: Request, stream: str) -> Response:
    """POST /streams/{stream}/grants/revoke: 204, and no grant of it that was given before opens anything."""
    grants.take_back(stream)
    return Response(status=204)
