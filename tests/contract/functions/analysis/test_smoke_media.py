"""What `make smoke` asks of media, asked of front itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.contract.functions.world import SESSION, STARTED, World
from tests.smoke import checks
from tests.smoke.target import Target
from werkzeug.serving import make_server

from emulator.sample.api import Api, Deployment
from pipeline.cloud import objects
from pipeline.domain import names
from pipeline.domain.model import Segment, SegmentRef
from pipeline.domain.playlist import Playlist

KEY = "admin-key-for-tests"


@pytest.fixture
def target(world: World) -> Iterator[Target]:
    """A stream with a session of one segment, behind front on a port."""
    server = make_server("127.0.0.1", 0, world.front, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = f"http://127.0.0.1:{server.server_port}/"
    found = Target(page, KEY, Path("clip.mp4"), patience=5.0)
    found.found = Deployment(page, Api(f"{page}api", KEY), f"{page}ingest", {})
    found.session = SESSION
    world.stream(found.id)
    segment = Segment(SegmentRef(found.id, SESSION, 0), 0.0, 2.0, STARTED)
    world.bucket.blob(names.segment_object(segment.ref)).upload_from_string(b"G and more", content_type="video/mp2t")
    listed = Playlist(target_duration=4, window=120.0)
    listed.add(segment)
    playlist = names.vod_playlist(found.id, SESSION)
    objects.write_playlist(playlist, listed.vod())
    session = world.db.document(f"streams/{found.id}/sessions/{SESSION}")
    session.set({"started": STARTED, "playlist": playlist, "vod": playlist})
    yield found
    server.shutdown()
    server.server_close()


def test_a_playlist_and_a_segment_are_read_through_a_grant(target: Target) -> None:
    assert checks.media(target) == "1 segments listed, the first has 10 bytes"


def test_a_forged_grant_is_refused(target: Target) -> None:
    assert checks.grants(target) == "a forged grant is refused"


def test_an_object_that_is_not_signed_is_refused(target: Target) -> None:
    checks.media(target)
    assert checks.private(target) == "an unsigned object is refused"
