"""Calls that only the emulator has: its state, its clock, its keys. No bucket's name can begin with `_`."""

from __future__ import annotations

from dataclasses import asdict

from ..api import Api
from ..errors import bad_request, invalid_credentials
from ..identity.tokens import LIFETIME
from ..sweeper import sweep
from ..transfer.http import Request, Response, json_response
from . import Path, access


async def ready(api: Api, request: Request, path: Path) -> Response:
    """GET /: 200 once requests are served."""
    return Response(200, [("Content-Type", "text/plain"), ("Content-Length", "3")], b"Ok\n")


async def state(api: Api, request: Request, path: Path) -> Response:
    """GET /_emulator: notifications published and waiting, buckets, objects written more than once a second."""
    outbox = {"published": api.outbox.published, "waiting": api.outbox.waiting}
    over = [asdict(one) for one in api.storage.rates.over()]
    buckets = [bucket.name for bucket in api.buckets.list()]
    return json_response({"notifications": outbox, "buckets": buckets, "written too fast": over})


async def clock(api: Api, request: Request, path: Path) -> Response:
    """POST /_emulator/clock {"advance": seconds}: moves the clock, then applies lifecycle rules."""
    seconds = (await request.json()).get("advance", 0)
    if not isinstance(seconds, int | float):
        raise bad_request('Say how far: {"advance": SECONDS}.')
    api.clock.advance(seconds)
    return json_response({"deleted": await sweep(api, request.base)})


async def hmac_key(api: Api, request: Request, path: Path) -> Response:
    """POST /_emulator/hmacKeys {"accessId", "secret", "serviceAccountEmail"}: an HMAC key that was made elsewhere."""
    given = await request.json()
    fields = [str(given.get(name) or "") for name in ("accessId", "secret", "serviceAccountEmail")]
    if not all(fields):
        raise bad_request('Say which key: {"accessId": ID, "secret": SECRET, "serviceAccountEmail": EMAIL}.')
    api.keys.add_hmac(*fields)
    return Response(204)


async def service_account(api: Api, request: Request, path: Path) -> Response:
    """GET /_emulator/serviceAccount: the key file of an account whose signatures are accepted: the caller's own.

    In the cloud IAM signs for an account. An emulator without an owner gives a key of its own account.
    """
    who = access.caller(api, request)
    if api.owner is not None and who.account is None:
        raise invalid_credentials()
    return json_response(api.keys.service_account(request.base, who.account if api.owner is not None else None))


async def certificates(api: Api, request: Request, path: Path) -> Response:
    """GET /_emulator/certificates: the keys that ID tokens are signed with, like oauth2/v1/certs of Google."""
    return json_response(api.keys.certificates())


async def token(api: Api, request: Request, path: Path) -> Response:
    """POST /_emulator/token: OAuth 2, for clients with the key file of a service account: a token of that account."""
    account = api.keys.asserted(await request.body())
    return json_response({"access_token": api.tokens.issue(account), "expires_in": LIFETIME, "token_type": "Bearer"})
