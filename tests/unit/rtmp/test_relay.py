"""Who is let in over RTMP, and what becomes of it: nginx's questions, by HTTP, and an ingest that answers."""

from __future__ import annotations

import os
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import pytest
from tests.unit.ingest.clips import make_clip
from tests.unit.sender.wsserver import KEY, Ingest, Leg, listening

from pipeline.domain.throttle import Throttle
from rtmp import forward, nginx, relay
from rtmp.forward import check_codec
from rtmp.hooks import Hooks
from rtmp.relay import Relay
from rtmp.settings import Rtmp
from sender.errors import UnsupportedMedia


@dataclass
class World:
    """The relay with its questions' address, ingest, and whom nginx was told to drop."""

    relay: Relay
    port: int
    ingest: Ingest
    dropped: list[str] = field(default_factory=list[str])
    changed: threading.Event = field(default_factory=threading.Event)

    def ask(self, call: str, **fields: str) -> int:
        """The status of the answer."""
        data = urllib.parse.urlencode({"app": "live", "call": call, "addr": "10.0.0.7", **fields}).encode()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/hooks/the-secret", data, timeout=30) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refusal:
            return refusal.code

    def publish(self, client: str = "1", key: str = KEY, stream: str = "demo") -> int:
        return self.ask("publish", clientid=client, name=stream, key=key)


@pytest.fixture
def pulled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the relay pulls, in nginx's stead: a file of H.264 and AAC."""
    clip = make_clip(tmp_path / "clip.flv", seconds=2, options={"bf": "0"})
    opened = forward.open_source
    monkeypatch.setattr(forward, "open_source", lambda source: opened(forward.Source(str(clip.path))))
    monkeypatch.setattr(relay, "_JOIN_SECONDS", 0.01)
    monkeypatch.setattr(forward, "_WORD_SECONDS", 20.0)
    return clip.path


@pytest.fixture
def world(pulled: Path) -> Iterator[World]:
    with listening() as ingest:
        dropped: list[str] = []
        changed = threading.Event()

        def drop(client: str) -> None:
            dropped.append(client)
            changed.set()

        made = Relay(Rtmp(ingest_url=ingest.url.removesuffix("/streams/demo")), drop)
        hooks = Hooks(0, made, "the-secret")
        thread = threading.Thread(target=hooks.serve_forever, args=(0.01,))
        thread.start()
        yield World(made, hooks.server_address[1], ingest, dropped, changed)
        hooks.shutdown()
        thread.join()
        hooks.server_close()


def finished(leg: Leg) -> str | None:
    """How a connection ended, once it has."""
    leg.socket.recv_events_thread.join(60)
    return leg.ended


def test_a_publisher_is_let_in_once_ingest_has(world: World) -> None:
    assert world.publish() == 200
    assert world.ingest.legs[0].hello == {"key": KEY, "origin": "rtmp"}
    assert len(world.relay) == 1


@pytest.mark.parametrize("key", ["wrong", ""])
def test_a_wrong_key_is_refused_by_ingest_s_own_answer(world: World, key: str) -> None:
    assert world.publish(key=key) == 403
    assert len(world.relay) == 0


def test_a_name_that_is_no_stream_s_is_refused_without_asking(world: World) -> None:
    assert world.publish(stream="../../etc") == 403
    assert world.ingest.legs == []


def test_a_stream_that_somebody_else_publishes_is_refused(world: World) -> None:
    world.ingest.greet = lambda leg: leg.refuse(409, "held by a sender at 10.0.0.8")
    assert world.publish() == 403


def test_an_encoder_that_stops_ends_the_session(world: World) -> None:
    world.publish()
    assert world.ask("publish_done", clientid="1", name="demo") == 200
    world.ask("disconnect", clientid="1")
    assert finished(world.ingest.legs[0]) == "end"


def test_an_encoder_whose_connection_breaks_leaves_the_session_open(world: World) -> None:
    world.publish()
    world.ask("disconnect", clientid="1")
    assert world.ask("publish_done", clientid="1", name="demo") == 200
    assert finished(world.ingest.legs[0]) is None
    assert len(world.relay) == 0


def test_the_end_of_a_refused_publisher_ends_nobody_else_s(world: World) -> None:
    world.publish("1")
    world.publish("2", key="wrong")
    assert world.ask("publish_done", clientid="2", name="demo") == 200
    assert len(world.relay) == 1


def test_nobody_but_the_relay_plays(world: World) -> None:
    world.publish()
    assert world.ask("play", clientid="5", name="demo", pull="guess") == 403
    assert world.ask("play", clientid="5", name="demo") == 403


def test_what_ingest_refuses_disconnects_the_encoder_which_is_then_told_at_once(world: World) -> None:
    world.ingest.hear = lambda leg: leg.refuse(415, "found no keyframe")
    assert world.publish() == 200
    assert world.changed.wait(60)
    assert world.dropped == ["1"]
    assert world.publish("2") == 403
    assert len(world.ingest.legs) == 1, "ingest was not asked again"


def test_the_health_check_tells_how_many_publish(world: World) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{world.port}/health", timeout=60) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(("codec", "name"), [("libx265", "HEVC"), ("libvpx-vp9", "VP9")])
def test_video_that_cannot_be_copied_is_refused_with_what_to_choose(tmp_path: Path, codec: str, name: str) -> None:
    clip = make_clip(tmp_path / "clip.mkv", seconds=0.4, video=codec, audio=None)
    with av.open(str(clip.path)) as container, pytest.raises(UnsupportedMedia, match=f"sends {name}; .* H.264"):
        check_codec(container)


def test_nginx_is_told_to_write_down_no_arguments_and_to_listen_where_asked(tmp_path: Path) -> None:
    text = nginx.configuration(
        Rtmp("http://ingest", 19350, "127.0.0.1", 19351), tmp_path, Path("/m/rtmp.so"), "the-secret"
    )
    assert text.count("access_log off;") == 2
    assert "error_log stderr error;" in text
    assert "listen 127.0.0.1:19350;" in text
    assert text.count("http://127.0.0.1:19351/hooks/the-secret;") == 4
    assert "load_module /m/rtmp.so;" in text
    assert "$" not in text


def test_wrong_keys_are_slowed_by_the_encoder_s_own_address(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """ingest sees the relay's address, and so cannot tell one encoder from another."""
    monkeypatch.setattr(world.relay, "_wrong_keys", Throttle(burst=2, seconds=3600))
    assert [world.publish(str(client), key="wrong") for client in range(2)] == [403, 403]
    assert world.publish("3") == 403
    asked = len(world.ingest.legs)
    assert asked == 2  # the third key was not looked at
    assert world.ask("publish", clientid="4", name="demo", key=KEY, addr="10.0.0.8") == 200


def test_nginx_whose_relay_died_while_it_was_started_does_not_start() -> None:
    """The kernel's signal on the death of a parent is asked for too late to arrive."""
    gone = subprocess.Popen("true")
    gone.wait()
    for parent, said in ((os.getpid(), "started\n"), (gone.pid, "")):
        done = subprocess.run([*nginx.ending_with(parent), "/bin/echo", "started"], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0 if said else 1, said)
