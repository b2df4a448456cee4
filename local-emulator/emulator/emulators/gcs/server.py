"""The ASGI application: requests in, responses out; the one place where errors become responses."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from ...host_names import is_ours
from . import routes, sweeper
from .api import Api
from .errors import ApiError, ClientGone, NotModified, forbidden, not_implemented, unavailable
from .handlers import access, metadata, xml
from .transfer import cors
from .transfer.http import Receive, Request, Response, decode

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Scope = MutableMapping[str, Any]
requests = logging.getLogger("emulator.emulators.gcs.access")
log = logging.getLogger(__name__)

SWEEP_EVERY = 60.0  # seconds


class App:
    """An emulator as an ASGI application. `base` is its own address, for events that no request caused."""

    def __init__(self, api: Api, base: str) -> None:
        self._api = api
        self._base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI 3."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            request = _request(scope, receive)
            try:
                await self._serve(request, send)
            except ClientGone:
                requests.info("%s %s: the client closed the connection", request.method, request.path)

    async def dispatch(self, request: Request) -> Response:
        """Any request. Never raises an error of the emulator: errors are responses."""
        try:
            if not is_ours(request.headers.get("host")):
                raise forbidden("This emulator answers to the names of its own machine alone: 127.0.0.1, localhost.")
            if metadata.is_metadata(request.path):
                return metadata.answer(self._api, request)
            if routes.is_json(request.path):
                handler, path, permission = routes.find(request.method, request.path)
                if permission:
                    who = access.caller(self._api, request)
                    access.require(self._api, who, permission, path.get("bucket"), path.get("object"))
                return await handler(self._api, request, path)
            return await self._xml(request)
        except NotModified as same:
            return Response(304, [("ETag", same.etag)] if same.etag else [])
        except ApiError as error:
            return render(error, json_api=routes.is_json(request.path))
        except (OSError, sqlite3.OperationalError) as error:  # a full disk, for one
            log.exception("%s %s", request.method, request.path)
            return render(unavailable(f"Storage failed: {error}"), json_api=routes.is_json(request.path))

    async def _xml(self, request: Request) -> Response:
        bucket, _, name = request.path[1:].partition("/")
        if not name:
            raise not_implemented(f"XML API {request.method} bucket")
        return await xml.handle(self._api, request, {"bucket": decode(bucket), "object": decode(name)})

    async def _serve(self, request: Request, send: Send) -> None:
        started = time.perf_counter()
        if request.method == "OPTIONS" and is_ours(request.headers.get("host")):
            response = cors.preflight(request)
        else:
            response = await self.dispatch(request)
        if "origin" in request.headers:
            bucket = self._api.buckets.find(routes.bucket_of(request.path) or "")
            response.headers += cors.headers(bucket.fields.get("cors", ()) if bucket else (), request)
        await _send(response, send)
        if requests.isEnabledFor(logging.INFO):
            took = round((time.perf_counter() - started) * 1000, 2)
            line = {"method": request.method, "path": request.path, "status": response.status, "ms": took}
            requests.info(json.dumps(line))

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        await receive()
        sweeps = asyncio.create_task(self._sweep())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        sweeps.cancel()
        await asyncio.to_thread(self._api.close)
        await send({"type": "lifespan.shutdown.complete"})

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            try:
                await sweeper.sweep(self._api, self._base)
            except (OSError, sqlite3.OperationalError):
                log.exception("lifecycle: the next sweep tries again")


def render(error: ApiError, *, json_api: bool) -> Response:
    """An error as either API shows it."""
    body = error.json() if json_api else error.xml_document()
    kind = "application/json; charset=UTF-8" if json_api else "application/xml; charset=UTF-8"
    code = 403 if error.xml == "AccessDenied" and not json_api else error.code  # for an anonymous caller too
    return Response(code, [("Content-Type", kind), *error.headers], body)


def _request(scope: Scope, receive: Receive) -> Request:
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("utf-8", "replace")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    path = scope["raw_path"].decode("ascii", "replace")
    query = scope["query_string"].decode("ascii", "replace")
    base = f"{scope['scheme']}://{headers.get('host', '127.0.0.1')}"
    return Request(scope["method"], path, query, headers, base, receive)


async def _send(response: Response, send: Send) -> None:
    headers = [(name.lower().encode("latin-1"), _value(value)) for name, value in response.headers]
    if response.stream is None and response.status not in (204, 304) and not _has_length(response):
        headers.append((b"content-length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    if response.stream is not None:
        for piece in response.stream:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": response.body, "more_body": False})


def _has_length(response: Response) -> bool:
    return any(name == "Content-Length" for name, _ in response.headers)


def _value(text: str) -> bytes:
    """Header values hold no control characters, whatever metadata holds."""
    return "".join(c if c.isprintable() else " " for c in text).encode()
