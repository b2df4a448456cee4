"""Playlists that are made of the stored ones: multivariant, with captions, with appearances as timed metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.contract.functions.world import SESSION, STARTED, World, start_session

from front.playlists import derived
from pipeline.documents import frames
from pipeline.documents.spoken import transcripts
from pipeline.domain import names
from pipeline.domain.model import (
    Analysis,
    Box,
    Detection,
    FrameRef,
    Kind,
    Reason,
    SampledFrame,
    SampledSegment,
    Segment,
    SegmentRef,
    Transcript,
    Visual,
    Word,
)
from pipeline.domain.playlist import Playlist
from pipeline.maintenance.removal import remove
from pipeline.reports.observations import FOREVER

pytestmark = pytest.mark.breaks_hls_rules  # the segments that it names are not stored
STREAM = "made-of-stored"
VELOX = Detection('The "Velox"', 0.9, Kind.LOGO, Box(0.1, 0.1, 0.2, 0.1))


def segment(sequence: int, discontinuity: bool = False) -> Segment:
    start = 2.0 * sequence
    ref = SegmentRef(STREAM, SESSION, sequence)
    return Segment(ref, start, 2.0, STARTED + timedelta(seconds=start), discontinuity)


def look(ms: int, *found: Detection) -> None:
    ref, when = FrameRef(STREAM, SESSION, ms), STARTED + timedelta(milliseconds=ms)
    sampled = SampledFrame(
        ref, ms / 1000, ms // 2000, STARTED, when, Reason.CHANGE, 1280, 720, Visual(0.5, 0.5, 0.5), 0.0, "frames/x"
    )
    frames.write_frame(sampled)
    frames.write_analyses(ref, [Kind.LOGO], [Analysis(Kind.LOGO, "vision", "m", 40, found)])


@pytest.fixture(scope="module", autouse=True)
def stored(world: World) -> Iterator[None]:
    """Eight seconds: a mark from 1 s to 3 s, and again from 6 s on; words in three segments of four."""
    world.stream(STREAM)
    start_session(STREAM, SESSION, STARTED, codecs="avc1.64001f,mp4a.40.2", width=1280, height=720, fps=25.0)
    playlist = Playlist(4, window=60)
    for sequence in range(4):
        playlist.add(segment(sequence, discontinuity=sequence == 2))
        sampled = SampledSegment(segment(sequence), STARTED, 10, (), 0, 0.0, size=500_000)
        frames.write_segment(sampled, {})
    for ms, found in ((0, ()), (1000, (VELOX,)), (3000, ()), (6000, (VELOX,))):
        look(ms, *found)
    for sequence, word in ((0, Word("good", 0.5, 0.9)), (1, Word("<evening>", 2.4, 2.9)), (3, Word("late", 6.5, 7.0))):
        heard = segment(sequence)
        transcripts.write(Transcript(heard, heard.media_time, (word,), "en-us", "short", 2.0, 9, None))
    world.bucket.blob(names.live_playlist(STREAM, SESSION)).upload_from_string(playlist.live())
    world.bucket.blob(names.vod_playlist(STREAM, SESSION)).upload_from_string(playlist.vod())
    yield
    assert remove(STREAM, 60), "no other file's maintenance closes this session"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    derived._stays.cache_clear()
    yield


def get(world: World, name: str) -> Any:
    grant = world.api().post(f"/streams/{STREAM}/grants").get_json()["grant"]["url"]
    return world.front.test_client().get(f"{grant}playlists/{STREAM}/{SESSION}/{name}")


def read(world: World, name: str) -> str:
    response = get(world, name)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-cache"
    return str(response.get_data(as_text=True))


def test_the_multivariant_playlist_says_what_a_player_must_know_and_names_the_captions(world: World) -> None:
    assert read(world, "main.m3u8").splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="Captions",LANGUAGE="en-us",'
        'DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="captions.m3u8"',
        '#EXT-X-STREAM-INF:BANDWIDTH=2000000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=25.000,'
        'SUBTITLES="captions"',
        "timed.m3u8",
    ]
    assert read(world, "main-vod.m3u8").splitlines()[-1] == "timed-vod.m3u8"


def test_appearances_are_timed_metadata_and_one_that_goes_on_has_no_duration(world: World) -> None:
    playlist = read(world, "timed.m3u8")
    first, second = re.findall(r"#EXT-X-DATERANGE:(.*)", playlist)
    assert first == (
        'ID="0000001000-000",CLASS="media-analyzer.appearance",START-DATE="2026-05-04T12:00:01.000Z",'
        "X-LABEL=\"The 'Velox'\",DURATION=2.000,X-CONFIDENCE=0.9000,X-SHARE-OF-SCREEN=0.020000"
    )
    assert second == (
        'ID="0000006000-000",CLASS="media-analyzer.appearance",START-DATE="2026-05-04T12:00:06.000Z",'
        "X-LABEL=\"The 'Velox'\""
    )
    stored = world.bucket.blob(names.live_playlist(STREAM, SESSION)).download_as_bytes().decode()
    assert re.sub(r"#EXT-X-DATERANGE.*\n", "", playlist) == stored


def test_captions_of_a_live_session_end_before_the_first_segment_that_is_not_heard_yet(world: World) -> None:
    live = read(world, "captions.m3u8").splitlines()
    assert [line for line in live if not line.startswith("#")] == ["captions-00000000.vtt", "captions-00000001.vtt"]
    assert live[-1] == "captions-00000001.vtt"
    recorded = read(world, "captions-vod.m3u8").splitlines()
    assert [line for line in recorded if not line.startswith("#")] == [f"captions-0000000{one}.vtt" for one in range(4)]
    assert recorded[-1] == "#EXT-X-ENDLIST"
    assert "#EXT-X-DISCONTINUITY" in recorded


def test_captions_of_a_segment_are_on_the_clock_of_the_pictures(world: World) -> None:
    response = get(world, "captions-00000001.vtt")
    assert response.content_type == "text/vtt; charset=utf-8"
    assert response.get_data(as_text=True) == (
        "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\n00:00:02.400 --> 00:00:03.500\n&lt;evening&gt;\n"
    )
    silent = get(world, "captions-00000002.vtt")
    assert silent.get_data(as_text=True) == "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n"


def test_a_playlist_that_no_segment_is_in_yet_has_no_captions_and_no_appearances() -> None:
    from front.playlists import text

    empty = Playlist(4, window=60).live()
    assert text.captions(empty, []).splitlines() == [
        "#EXTM3U",
        "#EXT-X-VERSION:6",
        "#EXT-X-TARGETDURATION:4",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-DISCONTINUITY-SEQUENCE:0",
    ]
    assert text.timed(empty, STARTED, [], FOREVER) == empty


def test_what_has_no_session_has_no_playlist(world: World) -> None:
    grant = world.api().post(f"/streams/{STREAM}/grants").get_json()["grant"]["url"]
    for name in ("main.m3u8", "timed.m3u8", "captions.m3u8"):
        missing = world.front.test_client().get(f"{grant}playlists/{STREAM}/20260504T120000Z-000000/{name}")
        assert missing.status_code == 404
