"""Publishing over a WebSocket: what a browser, the relay and the push command do."""

from __future__ import annotations

import contextlib
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing, Service, ServiceFactory
from tests.contract.ingest.found import document, ended, stored
from tests.contract.ingest.senders import dial
from tests.lint.hls import lint
from tests.unit.ingest.clips import Clip, numbers
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from sender import Push

_SECONDS = 30


def said(socket: ClientConnection) -> dict[str, Any]:
    return json.loads(socket.recv(timeout=_SECONDS))


def until(socket: ClientConnection, kind: str) -> dict[str, Any]:
    """The next message of that type."""
    while (message := said(socket))["type"] != kind:
        pass
    return message


def pieces(path: Path, size: int = 20_000) -> Iterator[bytes]:
    data = path.read_bytes()
    return (data[at : at + size] for at in range(0, len(data), size))


def refused(socket: ClientConnection) -> tuple[int, int, str]:
    """The status that it is told, the code with which it is closed, and the words."""
    message = until(socket, "error")
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(timeout=_SECONDS)
    assert closed.value.rcvd is not None
    return message["status"], closed.value.rcvd.code, message["detail"]


@pytest.mark.parametrize("kind", ["mpegts", "flv", "mp4", "matroska"])
def test_binary_messages_become_a_session_and_the_sender_hears_of_it(
    service: Service, stream: Publishing, clips: dict[str, Path], clip: Clip, bucket: storage.Bucket, kind: str
) -> None:
    with dial(service, stream) as socket:
        assert said(socket)["type"] == "accepted"
        for piece in pieces(clips[kind]):
            socket.send(piece)
        socket.send(json.dumps({"type": "end"}))
        told = [said(socket)]
        while told[-1]["type"] != "ended":
            told.append(said(socket))

    assert [m["type"] for m in told[:-1]] == ["stored"] * (len(told) - 1)
    assert told[-2]["taken_seconds"] == told[-2]["media_seconds"] == 6.0
    assert (told[-1]["segments"], told[-1]["media_seconds"]) == (3, 6.0)
    assert [n for blob in stored(bucket, stream) for n in numbers(blob.download_as_bytes())] == [*range(clip.pictures)]


def test_the_stream_shows_where_its_video_comes_from(
    service: Service, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    with dial(service, stream) as socket:
        said(socket)
        socket.send(pieces(clip.path))
        socket.send(json.dumps({"type": "end"}))
        until(socket, "ended")
    assert (ended(db, stream)["state"], document(db, stream)["source"]) == ("ended", "webcam")


def test_a_key_in_the_header_does_as_well(service: Service, stream: Publishing, clip: Clip) -> None:
    with dial(service, stream, "?origin=rtmp", Authorization=f"Bearer {stream.key}") as socket:
        assert said(socket)["type"] == "accepted"
        for piece in pieces(clip.path):
            socket.send(piece)
        socket.send(json.dumps({"type": "end"}))
        assert until(socket, "ended")["segments"] == 3


@pytest.mark.parametrize("key", ["wrong", "", "ключ"])
def test_a_wrong_key_is_refused_before_a_byte_is_read(
    service: Service, stream: Publishing, db: firestore.Client, key: str
) -> None:
    with dial(service, stream, key=key) as socket:
        assert socket.subprotocol == "media-analyzer"
        status, code, detail = refused(socket)
    assert (status, code) == (401, 4401)
    assert "the key for stream" in detail
    assert document(db, stream)["state"] == "idle"


@pytest.mark.parametrize("offered", [None, "media-analyzer", "media-analyzer, other", "key.%%%"])
def test_a_handshake_without_the_key_is_not_taken_up(service: Service, stream: Publishing, offered: str | None) -> None:
    """A connection that has yet to show its key would hold a thread for as long as it likes."""
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    headers |= {"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=_SECONDS)
    connection.request(
        "GET",
        f"/streams/{stream.id}/live",
        headers=headers | ({"Sec-WebSocket-Protocol": offered} if offered else {}),
    )
    answer = connection.getresponse()
    if offered == "key.%%%":
        assert answer.status == 101, "a key that fits none is told so in a message, as every wrong one"
        return
    assert answer.status == 401
    assert "the key for stream" in json.loads(answer.read())["detail"]


def test_an_origin_that_is_none_is_told_what_it_should_have_been(service: Service, stream: Publishing) -> None:
    with pytest.raises(InvalidStatus) as refusal, dial(service, stream, "?origin=moon"):
        pass
    assert refusal.value.response.status_code == 400
    assert b"must be one of websocket, webcam" in (refusal.value.response.body or b"")


def test_strangers_who_keep_connections_open_keep_no_sender_out(
    service: Service, stream: Publishing, clip: Clip
) -> None:
    strangers = [dial(service, stream, key="wrong") for _ in range(24)]
    for stranger in strangers:
        with contextlib.suppress(ConnectionClosed):
            stranger.ping()
    with dial(service, stream) as socket:
        assert said(socket)["type"] == "accepted"
    for stranger in strangers:
        assert refused(stranger)[0] == 401
        stranger.close()


def test_what_is_no_video_is_refused_while_it_still_flows(
    service: Service, stream: Publishing, db: firestore.Client
) -> None:
    with dial(service, stream) as socket:
        said(socket)
        socket.send(b"\x89PNG" + b"x" * 100_000)
        status, code, detail = refused(socket)
    assert (status, code) == (415, 4415)
    assert "PNG" in detail
    assert "PNG" in ended(db, stream)["error"]["message"]


def test_a_message_larger_than_four_mebibytes_is_refused(service: Service, stream: Publishing) -> None:
    with dial(service, stream) as socket:
        said(socket)
        with pytest.raises(ConnectionClosed) as closed:
            socket.send(b"x" * (5 << 20))
            while True:
                socket.recv(timeout=_SECONDS)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


def test_a_sender_that_gives_up_says_why_and_the_stream_shows_it(
    service: Service, stream: Publishing, clip: Clip, db: firestore.Client
) -> None:
    with dial(service, stream) as socket:
        said(socket)
        for piece in pieces(clip.path):
            socket.send(piece)
        socket.send(json.dumps({"type": "error", "detail": "the camera caught fire"}))
        assert refused(socket)[:2] == (415, 4415)
    found = ended(db, stream)
    assert found["state"] == "error"
    assert "the camera caught fire" in found["error"]["message"]


def test_a_second_sender_is_told_who_holds_the_stream(service: Service, stream: Publishing, clip: Clip) -> None:
    with dial(service, stream) as first:
        said(first)
        second = dial(service, stream)
        status, code, detail = refused(second)
        assert (status, code) == (409, 4409)
        assert "webcam" in detail
        for piece in pieces(clip.path):
            first.send(piece)
        first.send(json.dumps({"type": "end"}))
        assert until(first, "ended")["segments"] == 3


def test_a_plain_request_is_told_that_this_is_a_websocket(service: Service, stream: Publishing) -> None:
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(f"{service.url(stream.id)}/live", timeout=_SECONDS)
    assert refusal.value.code == 426
    assert refusal.value.headers["Content-Type"] == "application/problem+json"


def test_a_page_of_any_origin_may_send(service: Service, stream: Publishing) -> None:
    with dial(service, stream, Origin="https://elsewhere.example") as socket:
        assert said(socket)["type"] == "accepted"


def test_there_is_no_limit_to_what_one_connection_carries(
    service: Service, stream: Publishing, clip: Clip, bucket: storage.Bucket
) -> None:
    """Cloud Run takes 32 MiB of an HTTP/1 body. Stuffing, as broadcasters send it, makes the bytes."""
    stuffing = (b"\x47\x1f\xff\x10" + b"\xff" * 184) * 16_000
    sent = 0
    with dial(service, stream) as socket:
        said(socket)
        for piece in pieces(clip.path, 188 * 50):
            socket.send(piece + stuffing)
            sent += len(piece) + len(stuffing)
        socket.send(json.dumps({"type": "end"}))
        assert until(socket, "ended")["segments"] == 3
    assert sent > 32 << 20
    assert [n for blob in stored(bucket, stream) for n in numbers(blob.download_as_bytes())] == [*range(clip.pictures)]


def test_a_sender_is_asked_to_connect_again_in_time(services: ServiceFactory, stream: Publishing, clip: Clip) -> None:
    service = services(CONNECTION_SECONDS="0.2")
    with dial(service, stream) as socket:
        said(socket)
        told: list[str] = []
        for piece in pieces(clip.path, 5_000):
            socket.send(piece)
        while "reconnect" not in told:
            socket.send(b"\x47" + b"\xff" * 187)
            try:
                told.append(json.loads(socket.recv(timeout=0.1))["type"])
            except TimeoutError:
                continue
        socket.send(json.dumps({"type": "end"}))
        until(socket, "ended")
    assert told.count("reconnect") == 1


def test_no_key_reaches_the_log(service: Service, stream: Publishing) -> None:
    with dial(service, stream) as socket:
        said(socket)
    with dial(service, stream, Authorization=f"Bearer {stream.key}") as socket:
        said(socket)
    assert stream.key not in service.log.read_text()


def test_a_sender_that_breaks_off_goes_on_in_the_same_session(
    service: Service, stream: Publishing, clip: Clip, bucket: storage.Bucket, db: firestore.Client
) -> None:
    with dial(service, stream) as socket:
        said(socket)
        for piece in pieces(clip.path):
            socket.send(piece)
        until(socket, "stored")
        socket.socket.close()  # without a word
    again = time.monotonic() + _SECONDS
    while True:
        socket = dial(service, stream)
        if (answer := said(socket))["type"] == "accepted":
            break
        assert (answer["status"], time.monotonic() < again) == (409, True)
    for piece in pieces(clip.path):
        socket.send(piece)
    socket.send(json.dumps({"type": "end"}))
    summary = until(socket, "ended")
    socket.close()

    assert (summary["session"], summary["segments"]) == (answer["session"], 6)
    assert len({blob.name.split("/")[2] for blob in stored(bucket, stream)}) == 1
    blob = bucket.get_blob(summary["playlist"])
    assert blob is not None
    playlist = blob.download_as_text()
    assert playlist.count("#EXT-X-DISCONTINUITY\n") == 1
    assert lint(playlist) == []
    assert ended(db, stream)["state"] == "ended"


def test_a_push_that_is_cut_off_loses_no_picture(
    services: ServiceFactory, stream: Publishing, clip: Clip, bucket: storage.Bucket
) -> None:
    """The real client against the real server: each connection is renewed after a second."""
    service = services(CONNECTION_SECONDS="1")
    push = Push(str(clip.path), service.url(stream.id), stream.key, websocket=True)
    push.start()
    push.join(60)
    blobs = stored(bucket, stream)
    assert sorted(n for blob in blobs for n in numbers(blob.download_as_bytes())) == [*range(clip.pictures)]
    assert len({blob.name.split("/")[2] for blob in blobs}) == 1
