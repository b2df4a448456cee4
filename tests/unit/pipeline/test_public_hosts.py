"""Addresses that were given from outside: only the public internet is called."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import requests
from urllib3 import HTTPSConnectionPool

from pipeline.cloud import public_hosts
from pipeline.domain.errors import BadRequest, Unavailable
from pipeline.external_segments import fetch


def answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[int]:
    """Makes every name resolve to these; the families that are asked for."""
    asked: list[int] = []

    def resolve(_host: str, port: int, family: int = 0, *_: Any) -> list[Any]:
        asked.append(family)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.7", "127.0.0.1", "169.254.169.254", "100.64.0.1", "192.168.1.1", "0.0.0.0"),
        *("192.0.0.192", "192.0.0.170", "224.0.0.1", "239.1.2.3", "255.255.255.255", "198.18.0.1"),
    ],
)
def test_an_address_that_is_not_public_is_refused_also_beside_one_that_is(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    for found in ([address], ["93.184.216.34", address]):
        answers(monkeypatch, *found)
        with pytest.raises(BadRequest, match=r"store\.example has a private address"):
            public_hosts.resolve("store.example", 443)
    assert public_hosts.resolve("store.example", 443, private=True)


def test_only_ipv4_is_asked_for_since_ipv6_carries_private_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answers(monkeypatch, "93.184.216.34")
    assert public_hosts.resolve("store.example", 443) == "93.184.216.34"
    assert asked == [socket.AF_INET]


@pytest.mark.parametrize("url", ["http://[64:ff9b::a9fe:a9fe]/", "http://[2002:a9fe:a9fe::]/", "http://[::1]/"])
def test_an_address_of_ipv6_is_refused(url: str) -> None:
    with pytest.raises((BadRequest, Unavailable)):
        public_hosts.check(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://169.254.169.254/latest", "http://2130706433/"])
def test_a_number_is_an_address_too(url: str) -> None:
    with pytest.raises(BadRequest, match="has a private address"):
        public_hosts.check(url)


def test_a_name_that_is_none_has_no_address() -> None:
    with pytest.raises(Unavailable, match="has no address"):
        public_hosts.resolve("a" * 64 + ".example", 443)


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    hosts: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hosts.append(self.headers["Host"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    made = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made.server_address[1], hosts
    made.shutdown()
    made.server_close()


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch, server: tuple[int, list[str]]
) -> None:
    port, hosts = server
    checked: list[str] = []

    def resolve(host: str, _port: int) -> str:
        checked.append(host)
        return "127.0.0.1"

    monkeypatch.setattr(public_hosts, "resolve", resolve)
    with public_hosts.session(f"http://clip.example:{port}") as session:
        assert session.get(f"http://clip.example:{port}/info", timeout=10).status_code == 200
        with pytest.raises(BadRequest, match=r"requests go to clip\.example, not to other\.example"):
            session.get(f"http://other.example:{port}/", timeout=10)
    assert (hosts, checked) == ([f"clip.example:{port}"], ["clip.example"])


def test_a_private_host_is_not_called(server: tuple[int, list[str]]) -> None:
    port, hosts = server
    with public_hosts.session(f"http://127.0.0.1:{port}") as session, pytest.raises(BadRequest):
        session.get(f"http://127.0.0.1:{port}/", timeout=10)
    assert hosts == []


def test_the_certificate_is_that_of_the_name() -> None:
    with public_hosts.session("https://clip.example") as session:
        adapter: Any = session.get_adapter("https://clip.example/")
        request = requests.Request("GET", "https://93.184.216.34:443/info").prepare()
        pool = adapter.get_connection_with_tls_context(request, verify=True)
    assert isinstance(pool, HTTPSConnectionPool)
    assert (pool.host, pool.assert_hostname, pool.conn_kw["server_hostname"]) == (
        "93.184.216.34",
        "clip.example",
        "clip.example",
    )


class Slow:
    """A store that sends a byte now and then, for ever."""

    def read1(self, _most: int) -> bytes:
        return b"x"


def test_a_segment_that_is_read_for_ever_is_given_up() -> None:
    times = iter(range(0, 1000, 19))
    slow: Any = Slow()
    with pytest.raises(Unavailable, match="not read within 60 s"):
        fetch.read(slow, 1 << 20, clock=lambda: float(next(times)))
