"""GET /m/{grant}/{object}: a stream's media, opened by a grant.

A playlist is read and answered: it changes every other second. Anything else is a redirect to a signed address of Cloud
Storage, so that its bytes do not pass through here.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response
from werkzeug import Response as AnyResponse

from pipeline.cloud import metrics
from pipeline.domain import names
from pipeline.domain.settings import Common, load

from . import grants, signed
from .playlists import derived
from .settings import front

_PLAYLIST = "application/vnd.apple.mpegurl"

routes = Blueprint("media", __name__)


@routes.after_request
def for_any_page(response: AnyResponse) -> AnyResponse:
    """Players of other sites read it, too: the grant in the address is the right, and no cookie counts here."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@routes.get("/m/<grant>/<path:name>")
def media(grant: str, name: str) -> AnyResponse:
    """Answers with a playlist, or redirects to an object. Raises Forbidden, NotFound."""
    opened = grants.opened(grant, name, front().grant_secret)
    return _listed(opened) if opened.startswith(names.PLAYLISTS) else redirected(opened)


def redirected(name: str) -> AnyResponse:
    """A redirect to a signed address of an object of the media bucket."""
    settings = front()
    address = signed.address(load(Common).media_bucket, name, settings.signing_id, settings.signing_secret)
    kept = f"private, max-age={signed.REDIRECT_SECONDS}"
    response = AnyResponse(status=302, headers={"Location": address, "Cache-Control": kept})
    response.call_on_close(partial(metrics.count, "media_redirects"))
    return response


def _listed(name: str) -> Response:
    text, content_type = derived.made(name) or (derived.stored(name), _PLAYLIST)
    return Response(text, content_type=content_type, headers={"Cache-Control": "no-cache"})
