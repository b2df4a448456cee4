"""Headers of every answer, which limit what a browser does with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.domain.settings import Common, load
from pipeline.imports.settings import uploads

from . import hosts
from .api.settings import api
from .settings import front

_PROBE = "https://www.google.com/images/cleardot.gif"  # Firestore's client asks for it where its connection broke

_RECAPTCHA = ("https://www.google.com/recaptcha/", "https://www.gstatic.com/recaptcha/")
_RECAPTCHA_FRAMES = ("https://www.google.com/recaptcha/", "https://recaptcha.google.com/recaptcha/")
_APP_CHECK = ("https://content-firebaseappcheck.googleapis.com", "https://www.google.com/recaptcha/")

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def secured(application: WSGIApplication) -> WSGIApplication:
    """`application` with these headers on each of its answers."""
    usual, framed = list(headers().items()), list(headers(framed=True).items())

    def answer(environ: WSGIEnvironment, start_response: StartResponse, /) -> Iterable[bytes]:
        added = framed if _embeds(environ) else usual

        def start(status: str, given: list[tuple[str, str]], *more: Any) -> Any:
            return start_response(status, [*given, *added], *more)

        return application(environ, start)

    return answer


def headers(*, framed: bool = False) -> dict[str, str]:
    """By name. `framed`: pages of other sites may show this one in a frame."""
    popups = (
        "same-origin-allow-popups" if _federated() else "same-origin"
    )  # Google's window tells this one who signed in
    return {
        "Content-Security-Policy": _policy(framed=framed),
        "Cross-Origin-Opener-Policy": popups,
        "Referrer-Policy": "strict-origin-when-cross-origin",  # the API key of Firestore is bound to this origin
        "Strict-Transport-Security": "max-age=31536000",
        "X-Content-Type-Options": "nosniff",
    }


def policy(
    media: str, data: Sequence[str], pages: Sequence[str] = (), *, framed: bool = False, proved: bool = False
) -> str:
    """The page's Content-Security-Policy: scripts of its own origin, pictures and video from `media` too, requests
    to both and to `data`. `pages` are those of Firebase, in frames, where people sign in with Google or OpenID Connect:
    then a script of Google opens them. `framed`: any site may show the page in a frame. `proved`: reCAPTCHA, a script
    and a frame of Google's, proves to App Check that it is this page."""
    ancestors = "*" if framed else "'none'"
    scripts = (*(("https://apis.google.com",) if pages else ()), *(_RECAPTCHA if proved else ()))
    frames = (*pages, *(_RECAPTCHA_FRAMES if proved else ()))
    return "; ".join(
        (
            "default-src 'none'",
            " ".join(("script-src 'self'", *scripts)),
            " ".join(("frame-src", *(frames or ("'none'",)))),
            "style-src 'self'",
            "font-src 'self'",
            f"img-src 'self' data: {media} {_PROBE}",
            f"media-src 'self' blob: {media}",
            " ".join(("connect-src 'self'", media, *data, *(_APP_CHECK if proved else ()))),
            "worker-src 'self' blob:",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {ancestors}",
        )
    )


def _policy(*, framed: bool) -> str:
    """Of this deployment: its buckets, its Firestore, its ingest, Firebase Auth, and no other host."""
    media = f"{hosts.storage()}/{load(Common).media_bucket}/"
    data = [f"{hosts.storage()}/{uploads().bucket}/", hosts.firestore(), *hosts.auth(), *_ingest()]
    pages = [f"https://{load(Common).project}.firebaseapp.com"] if _federated() else []
    return policy(media, data, pages, framed=framed, proved=bool(front().app_check_app))


def _federated() -> bool:
    """Whether people may sign in with another provider, in a window of its own."""
    return any(way == "google" or way.startswith("oidc.") for way in front().sign_in)


def _embeds(environ: WSGIEnvironment) -> bool:
    """Whether the page is to be embedded: then it has no session, whose cookie is sent to no frame of another site."""
    return environ["PATH_INFO"] == "/" and "embed=1" in environ.get("QUERY_STRING", "").split("&")


def _ingest() -> list[str]:
    """HTTP and WebSocket."""
    url = urlsplit(api().ingest_url)
    if not url.netloc:
        return []
    return [f"{url.scheme}://{url.netloc}", f"{'ws' if url.scheme == 'http' else 'wss'}://{url.netloc}"]
