"""What was tried against the openers of media and playlists, and held: nothing else is opened."""

from __future__ import annotations

import contextlib
import io
import socket
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.unit.ingest.clips import make_clip

from ingest.hls.listing import parse
from ingest.media.cut import CutRule
from ingest.media.files import open_file
from ingest.media.probe import open_media
from pipeline.domain.errors import BadRequest, UnsupportedMedia

_RULE = CutRule.of(2.0, 12)
_HEAD = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n"


@pytest.fixture
def witness() -> Iterator[socket.socket]:
    """A listener to which nothing may connect."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        listener.setblocking(False)
        yield listener


def playlist(address: str) -> bytes:
    return f"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\n{address}/hls\n#EXT-X-ENDLIST\n".encode()


def concat(address: str) -> bytes:
    return f"ffconcat version 1.0\nfile {address}/cc\n".encode()


_OPENERS: dict[str, Callable[[str], bytes]] = {
    "HLS": playlist,
    "HLS after zeros": lambda address: bytes(600) + playlist(address),
    "concat": concat,
    "concat and binary": lambda address: concat(address) + bytes(range(128, 256)) * 20,
    "SDP": lambda address: f"v=0\r\nc=IN IP4 127.0.0.1\r\nm=video {address[-5:]} RTP/AVP 96\r\n".encode(),
    "DASH": lambda address: f'<?xml version="1.0"?><MPD><BaseURL>{address}/</BaseURL></MPD>'.encode(),
    "ASX": lambda address: f'<asx version="3.0"><entry><ref href="{address}/asx"/></entry></asx>'.encode(),
    "reference movie": lambda address: reference_movie(address),
}


@pytest.mark.parametrize("kind", _OPENERS)
def test_an_address_in_an_input_is_not_opened(witness: socket.socket, kind: str) -> None:
    data = _OPENERS[kind](f"http://127.0.0.1:{witness.getsockname()[1]}")
    for opened in (open_media, open_file):
        with pytest.raises(UnsupportedMedia):
            opened(io.BytesIO(data), _RULE)
    with pytest.raises(BlockingIOError):
        witness.accept()


@pytest.mark.parametrize("reference", [b"url ", b"alis"])
def test_media_that_an_mp4_keeps_elsewhere_are_not_opened(
    witness: socket.socket, tmp_path: Path, reference: bytes
) -> None:
    address = f"http://127.0.0.1:{witness.getsockname()[1]}/dref"
    path = make_clip(tmp_path / "clip.mp4", seconds=0.4, audio=None).path
    data = path.read_bytes()
    entry = struct.pack(">I4sI", 12 + len(address) + 1, reference, 0) + address.encode() + b"\0"
    changed = with_reference(data, entry)
    assert address.encode() in changed
    with contextlib.suppress(UnsupportedMedia):
        list(open_file(io.BytesIO(changed), _RULE).units())
    with pytest.raises(BlockingIOError):
        witness.accept()


def with_reference(data: bytes, entry: bytes) -> bytes:
    """An MP4 with another entry in its `dref`, and the sizes of the boxes around it right again."""
    out, at = b"", 0
    while at + 8 <= len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + size]
        if kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf"):
            body = with_reference(body, entry)
        elif kind == b"dref":
            body = struct.pack(">II", 0, 1) + entry
        out += struct.pack(">I4s", 8 + len(body), kind) + body
        at += size
    return out


@pytest.mark.parametrize(
    "uri",
    [
        *("../beta/a.ts", "/streams/beta/a.ts", "http://x/streams/alpha/../beta/a.ts", "http://169.254.169.254/a.ts"),
        *("file:///etc/passwd", "%2e%2e%2fb.ts", "/streams/alpha/../../x.ts", "..%2F..%2Fsegments/beta/x/00000000.ts"),
    ],
)
def test_a_playlist_names_segments_of_its_own_stream_alone(uri: str) -> None:
    with pytest.raises(BadRequest):
        parse("live.m3u8", f"{_HEAD}#EXTINF:2,\n{uri}\n".encode(), "alpha")


@pytest.mark.parametrize("tag", ["KEY", "MAP", "DATERANGE", "START", "CUE-OUT-CONT", "PART", "PROGRAM-DATE-TIME"])
@pytest.mark.parametrize("filler", ['"', 'a="', " ", "9"])
def test_a_playlist_of_odd_tags_is_read_or_refused(tag: str, filler: str) -> None:
    """Quotes and spaces by the ten thousand: a parser that goes back over them would not end."""
    text = f"{_HEAD}#EXT-X-{tag}:{filler * 30_000}\n#EXTINF:2,\na.ts\n"
    try:
        parse("live.m3u8", text.encode(), "alpha")
    except BadRequest as refused:
        assert "live.m3u8" in str(refused)


def reference_movie(address: str) -> bytes:
    link = f"{address}/rmra\0".encode()
    box = struct.pack(">I4sI4sI", 20 + len(link), b"rdrf", 0, b"url ", len(link)) + link
    for kind in (b"rmda", b"rmra", b"moov"):
        box = struct.pack(">I4s", 8 + len(box), kind) + box
    return struct.pack(">I4s", 20, b"ftyp") + b"qt  \0\0\0\0qt  " + box
