"""POSTs to the address of a channel: to public hosts alone, unless a setting allows others, and never redirected."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import requests

from ..cloud import public_hosts
from ..domain.errors import BadRequest, Unavailable

_TIMEOUT = (3.0, 7.0)  # seconds: to connect, and between two bytes of the answer


def check(url: str, *, private: bool) -> None:
    """Raises BadRequest for an address that alerts may not go to, and Unavailable for one that has no host."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - it is parsed when it is asked for
    except ValueError:
        raise BadRequest("'address' must be an address, such as https://example.com/alerts") from None
    schemes = ("https", "http") if private else ("https",)
    if parts.scheme not in schemes or not parts.hostname or parts.username:
        raise BadRequest(f"'address' must be an address of {' or '.join(schemes)} without a user")
    if not private:
        public_hosts.check(url)


def post(url: str, data: bytes, headers: Mapping[str, str], *, private: bool) -> int:
    """The status of the answer. Raises Unavailable where there is none, and BadRequest as `check`."""
    check(url, private=private)
    session = requests.Session() if private else public_hosts.session(url)
    session.trust_env = False  # no proxy, no .netrc: the request goes where it was checked to go
    host = urlsplit(url).hostname
    try:
        with (
            session,
            session.post(
                url, data=data, headers=dict(headers), timeout=_TIMEOUT, allow_redirects=False, stream=True
            ) as answer,
        ):
            return answer.status_code
    except requests.RequestException as error:
        raise Unavailable(f"{host} did not answer: {type(error).__name__}") from None
