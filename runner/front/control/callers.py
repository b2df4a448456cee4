"""Callers of the internal routes: the service accounts that the deployment names, by ID tokens meant for front."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pipeline.cloud import http, service_identity
from pipeline.domain.errors import Forbidden, Unauthorized
from pipeline.domain.settings import load, setting

if TYPE_CHECKING:
    from werkzeug import Request


@dataclass(frozen=True, slots=True)
class Callers:
    """The settings of the internal routes."""

    address: str = setting(
        "FRONT_URL", "address of front, which checks keys and keeps leases; ID tokens of its callers are meant for it"
    )
    accounts: tuple[str, ...] = setting(
        "CONTROL_CALLERS", "e-mail addresses of the service accounts that may call the internal routes"
    )
    relay: str = setting(
        "RELAY_ADDRESS",
        "address of the RTMP relay, which slows wrong keys itself: it alone sees the encoders' own addresses",
        "",
    )


@cache
def callers() -> Callers:
    """The settings of this process."""
    return load(Callers)


def admit(request: Request) -> str:
    """The caller's account. Raises Forbidden without a token of an account that may call, whatever else is sent.

    Never Unauthorized, which stands for a wrong key of a stream here.
    """
    try:
        account = service_identity.account(http.bearer(request), callers().address.rstrip("/"))
    except Unauthorized as error:
        raise Forbidden(f"this is for services of the deployment: {error}") from None
    if account not in callers().accounts:
        raise Forbidden(f"this is for services of the deployment, and {account!r} is not one that may call it")
    return account
