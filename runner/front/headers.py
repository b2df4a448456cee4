"""Headers of every answer, which limit what a browser does with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.domain.settings import Common, load
from pipeline.imports.settings import uploads

from . import hosts
from .api.settings import api

_PROBE = "https://www.google.com/images/cleardot.gif"  # Firestore's client asks for it where its connection broke

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def secured(application: WSGIApplication) -> WSGIApplication:
    """`application` with these headers on each of its answers."""
    added = list(headers().items())

    def answer(environ: WSGIEnvironment, start_response: StartResponse, /) -> Iterable[bytes]:
        def start(status: str, given: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*given, *added], *more)

        return application(environ, start)

    return answer


def headers() -> dict[str, str]:
    """By name."""
    return {
        "Content-Security-Policy": _policy(),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Referrer-Policy": "strict-origin-when-cross-origin",  # the API key of Firestore is bound to this origin
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
    }


def policy(media: str, data: Sequence[str]) -> str:
    """The page's Content-Security-Policy: scripts of its own origin, pictures and video from `media` too, requests
    to both and to `data`."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "font-src 'self'",
            f"img-src 'self' data: {media} {_PROBE}",
            f"media-src 'self' blob: {media}",
            " ".join(("connect-src 'self'", media, *data)),
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _policy() -> str:
    """Of this deployment: its buckets, its Firestore, its ingest, and no other host."""
    media = f"{hosts.storage()}/{load(Common).media_bucket}/"
    return policy(media, [f"{hosts.storage()}/{uploads().bucket}/", hosts.firestore(), *_ingest()])


def _ingest() -> list[str]:
    """HTTP and WebSocket."""
    url = urlsplit(api().ingest_url)
    if not url.netloc:
        return []
    return [f"{url.scheme}://{url.netloc}", f"{'ws' if url.scheme == 'http' else 'wss'}://{url.netloc}"]
