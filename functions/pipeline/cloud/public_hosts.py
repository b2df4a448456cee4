"""Requests to addresses that were given from outside: only to hosts of the public internet.

A name is resolved once, its addresses are checked, and the connection goes to the very one that was checked. So neither
the metadata server nor a neighbour can be reached, whatever a name resolves to later.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from ..domain.errors import BadRequest, Unavailable

_OWN = ipaddress.ip_network("192.0.0.0/24")  # of protocols, such as NAT64 discovery and some clouds' metadata


def resolve(host: str, port: int, *, private: bool = False) -> str:
    """An address of `host`. Raises BadRequest unless all are public, and Unavailable if it has none.

    Public means IPv4: ranges of IPv6 carry IPv4 addresses of any kind. `private`: any address will do.
    """
    family = socket.AF_UNSPEC if private else socket.AF_INET
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise Unavailable(
            f"{host} has no address: {getattr(error, 'strerror', None) or 'it is no host name'}"
        ) from None
    if not private and not all(map(_is_public, found)):
        raise BadRequest(f"{host} has a private address")
    return min(found)


def check(url: str) -> None:
    """Raises BadRequest unless the host of `url`, an http or https address, is public; Unavailable as `resolve`."""
    parts = urlsplit(url)
    resolve(parts.hostname or "", parts.port or _port(parts.scheme))


def session(url: str) -> requests.Session:
    """A session for requests to the host of `url` alone, which raises BadRequest if that is not public."""
    made = requests.Session()
    parts = urlsplit(url)
    made.mount(f"{parts.scheme}://", _PublicHost(parts.hostname or ""))
    return made


class _PublicHost(HTTPAdapter):
    """Connects to the checked address, and still wants the certificate of the name."""

    def __init__(self, host: str) -> None:
        super().__init__()
        self._host = host

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(str(request.url))
        if parts.hostname != self._host:
            raise BadRequest(f"requests go to {self._host}, not to {parts.hostname}")
        port = parts.port or _port(parts.scheme)
        request.headers["Host"] = parts.netloc
        request.url = parts._replace(netloc=f"{resolve(self._host, port)}:{port}").geturl()
        return super().send(request, *args, **kwargs)

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: bool | str, cert: Any = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        named = {"server_hostname": self._host, "assert_hostname": self._host} if host["scheme"] == "https" else {}
        return host, pool | named


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address)
    return ip.is_global and not ip.is_multicast and ip not in _OWN


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
