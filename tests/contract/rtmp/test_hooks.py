"""The publisher's arguments beside nginx's own: whatever a stranger writes there, nginx's word counts."""

from __future__ import annotations

import socket
import subprocess
import urllib.error
import urllib.request

import pytest
from tests.contract.rtmp.conftest import World
from tests.unit.sender.wsserver import KEY

_NAMES = ("app", "flashver", "swfurl", "tcurl", "pageurl", "addr", "clientid", "call", "name", "type", "key")


def test_a_publisher_with_the_key_is_let_in_and_heard(world: World) -> None:
    assert world.publishes(f"demo?key={KEY}")
    world.admitted()


@pytest.mark.parametrize("name", _NAMES)
def test_arguments_that_repeat_a_name_of_nginx_are_refused(
    world: World, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert not world.publishes(f"demo?key={KEY}&{name}=other")
    assert f"invalid arguments: {name} more than once" in caplog.text
    [refused] = (record for record in caplog.records if record.name == "rtmp.hooks")
    assert refused.__dict__["labels"] == {"call": "publish", "stream": "demo", "address": "127.0.0.1"}
    assert world.ingest.legs == []


@pytest.mark.parametrize("arguments", ["call=x", "call=publish_done", "call=disconnect", "call=", "call=play&pull=x"])
def test_another_call_lets_a_stranger_in_no_more_than_no_key(world: World, arguments: str) -> None:
    assert not world.publishes(f"demo?{arguments}")


def test_a_stranger_ends_a_running_stream_by_no_arguments(world: World) -> None:
    victim = world.publishing(f"demo?key={KEY}", seconds=20)
    try:
        world.admitted()
        for number in range(1, 8):  # nginx counts connections
            assert not world.publishes(f"x?call=publish_done&clientid={number}")
        aside = f"live?call=publish_done&clientid={next(iter(world.relay.clients))}"
        assert not world.publishes("x", "-rtmp_app", aside, "-rtmp_playpath", "x")
        assert len(world.relay) == 1
        assert victim.poll() is None
        assert world.ingest.legs[0].ended is None
    finally:
        victim.kill()
        victim.wait()


def test_a_key_opens_no_other_name_than_that_of_its_stream(world: World) -> None:
    world.ingest.greet = lambda leg: leg.refuse(401, "wrong") if "/victim/" in leg.path else None
    assert not world.publishes(f"victim?key={KEY}&name=demo")
    assert not world.publishes(f"victim?key={KEY}")
    assert world.publishes(f"demo?key={KEY}")


def test_a_second_encoder_of_a_stream_is_refused_without_asking_ingest(world: World) -> None:
    first = world.publishing(f"demo?key={KEY}", seconds=20)
    try:
        world.admitted()
        assert not world.publishes(f"demo?key={KEY}")
        assert len(world.ingest.legs) == 1
        assert first.poll() is None
    finally:
        first.kill()
        first.wait()


def test_only_the_relay_plays(world: World) -> None:
    first = world.publishing(f"demo?key={KEY}", seconds=20)
    try:
        world.admitted()
        for arguments in ("", "?pull=guess", "?pull=x&call=disconnect"):
            command = ["ffmpeg", "-v", "error", "-i", f"{world.server}/demo{arguments}", "-t", "1", "-f", "null", "-"]
            assert subprocess.run(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60).returncode
    finally:
        first.kill()
        first.wait()


def test_hundreds_of_silent_connections_keep_no_encoder_out(world: World) -> None:
    silent = [socket.create_connection(("127.0.0.1", world.rtmp_port)) for _ in range(600)]
    try:
        assert world.publishes(f"demo?key={KEY}")
        silent[0].settimeout(60)
        assert silent[0].recv(1) == b"", "nginx lets go of a connection that says nothing"
    finally:
        for one in silent:
            one.close()


@pytest.mark.parametrize("path", ["/hooks", "/hooks/guess", "/"])
def test_a_hook_without_the_secret_is_not_heard(world: World, path: str) -> None:
    data = b"call=publish_done&clientid=1"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{world.hooks.server_address[1]}{path}", data, timeout=60)
