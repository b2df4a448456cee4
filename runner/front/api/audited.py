"""Requests that change something leave an entry in the audit."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from pipeline.documents.control import audit
from pipeline.documents.people import access
from pipeline.domain.errors import NotFound
from pipeline.domain.settings import own_tenant

if TYPE_CHECKING:
    from werkzeug import Request

    from ..people.caller import Caller
    from .operation import Operation


def recorded(
    request: Request, operation: Operation, caller: Caller, stream: str | None
) -> AbstractContextManager[None]:
    """Around the handler of `operation`: what it changes is noted as the caller's doing, for the tenant of `stream`."""
    if not operation.changes:
        return nullcontext()
    trace = request.headers.get("traceparent", "").split("-")
    return audit.entry(
        audit.Entry(
            action=operation.action,
            target=request.path.strip("/"),
            tenant=_tenant(caller, stream),
            kind=caller.kind.value,
            who=caller.name,
            address=caller.address,
            request=trace[1] if len(trace) == 4 else None,
        )
    )


def _tenant(caller: Caller, stream: str | None) -> str:
    if stream is not None:
        try:
            return access.of_stream(stream).tenant
        except NotFound:
            pass  # the handler says so
    return caller.tenant or own_tenant()
