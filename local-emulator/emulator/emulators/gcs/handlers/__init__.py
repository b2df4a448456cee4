"""Handlers of calls: `async (api, request, path) -> Response`, where `path` has the pieces of the address, decoded."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..api import Api
from ..transfer.http import Request, Response

Path = dict[str, str]
Handler = Callable[[Api, Request, Path], Awaitable[Response]]
