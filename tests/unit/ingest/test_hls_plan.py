"""What has its turn in an HLS push: names, playlists and the plan, without a network."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.hls import paths, resume
from ingest.hls.boxes import is_init
from ingest.hls.listing import Listing, parse
from ingest.hls.live_playlist import Window
from ingest.hls.plan import Staged, advance
from ingest.hls.staging import Stage
from ingest.settings import Ingest
from pipeline.documents.pushes import Item, Push
from pipeline.domain.errors import BadRequest, UnsupportedMedia

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


def staged(name: str, checksum: str = "", duration: float = 2.0, **changes: str) -> Staged:
    return Staged(name, 1, checksum or name, NOW, duration, 0.04, changes.get("signature", "s"))


def stage(*names: str) -> dict[str, Staged]:
    return {name: staged(name) for name in names}


def listing(*numbers: int, ended: bool = False, seconds: float = 2.0) -> Listing:
    return Listing(tuple(Item(n, f"a{n}.ts", seconds) for n in numbers), 2, ended)


def text(*lines: str, head: str = "#EXTM3U\n#EXT-X-TARGETDURATION:2\n") -> bytes:
    return (head + "\n".join(lines) + "\n").encode()


@pytest.mark.parametrize(
    "name", ["a.ts", "hd/a-1.ts", "x/y/z_0.m4s", "live.m3u8", "a.ts.tmp", "init.mp4", "A+b=c,@d.M2TS"]
)
def test_names_that_encoders_use_are_taken(name: str) -> None:
    assert paths.check(name)[0] == name.removesuffix(".tmp")


@pytest.mark.parametrize(
    "name", ["", "../a.ts", ".a.ts", "a/../b.ts", "a//b.ts", "a b.ts", "é.ts", "a\n.ts", "x" * 120 + ".ts"]
)
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(BadRequest):
        paths.check(name)


@pytest.mark.parametrize("name", ["a.vtt", "a.aac", "a.mpd", "a", "a.ts.exe"])
def test_what_is_no_segment_is_refused_with_what_is_taken(name: str) -> None:
    with pytest.raises(UnsupportedMedia, match=r"\.ts, \.m4s"):
        paths.check(name)


@pytest.mark.parametrize("uri", ["https://elsewhere.example/a.ts", "/etc/a.ts", "../../a.ts", "file:///a.ts"])
def test_a_playlist_names_only_what_was_sent_to_its_stream(uri: str) -> None:
    with pytest.raises(BadRequest):
        paths.resolve("live.m3u8", uri, "cam")


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (text("#EXTINF:x,", "a.ts"), BadRequest, "invalid HLS playlist"),
        (b"\xff\xfe", BadRequest, "invalid HLS playlist"),
        (b"hello", BadRequest, "#EXTM3U"),
        (b"#EXTM3U\n#EXTINF:2,\na.ts\n", BadRequest, "TARGETDURATION"),
        (text("#EXT-X-BYTERANGE:5@0", "#EXTINF:2,", "a.ts"), UnsupportedMedia, "ranges of one file"),
        (text('#EXT-X-KEY:METHOD=AES-128,URI="k"', "#EXTINF:2,", "a.ts"), UnsupportedMedia, "encrypted"),
        (text("#EXTINF:-1,", "a.ts"), BadRequest, "lasts"),
        (text("#EXTINF:nan,", "a.ts"), BadRequest, "lasts"),
        (
            text("#EXTINF:0.5,", "a.ts", "#EXTINF:0.5,", "b.ts", "#EXTINF:0.5,", "c.ts"),
            UnsupportedMedia,
            "less than a sec",
        ),
    ],
)
def test_playlists_that_cannot_be_used_are_refused_in_words(body: bytes, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        parse("live.m3u8", body, "cam")


@given(st.binary(max_size=400))
def test_any_bytes_are_a_playlist_or_a_bad_request(body: bytes) -> None:
    for whole in (body, b"#EXTM3U\n" + body, b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n" + body):
        try:
            listing = parse("live.m3u8", whole, "cam")
        except BadRequest as error:
            assert str(error), "it says what is wrong"
        else:
            assert listing is None or isinstance(listing, Listing)


def test_only_the_end_of_a_long_playlist_is_looked_at() -> None:
    found = parse("live.m3u8", text(*(line for n in range(5000) for line in ("#EXTINF:2.0,", f"a{n}.ts"))), "cam")
    assert found is not None
    assert (len(found.items), found.items[-1].number) == (64, 4999)


def test_an_initialisation_segment_is_known_by_its_boxes() -> None:
    def box(kind: bytes, size: int = 8) -> bytes:
        return size.to_bytes(4) + kind + bytes(size - 8)

    assert is_init(box(b"ftyp", 24) + box(b"moov", 100))
    assert not is_init(box(b"moof") + box(b"mdat", 50))
    assert not is_init(b"G" * 400)


def test_segments_follow_one_another_on_the_clock() -> None:
    push = advance(Push("s", 4), listing(7, 8), stage("a7.ts", "a8.ts"), NOW)

    assert [(e.sequence, e.media_time, e.discontinuity) for e in push.assigned] == [(0, 0.0, False), (1, 2.0, False)]
    assert push.assigned[1].program_date_time == NOW
    assert (push.next, push.end, push.last) == (2, 4.0, 8)


def test_numbers_that_were_never_seen_leave_a_gap() -> None:
    push = advance(Push("s", 4), listing(0), stage("a0.ts"), NOW)
    push = advance(push, listing(5, 6), stage("a5.ts", "a6.ts"), NOW)
    assert [entry.discontinuity for entry in push.assigned] == [False, True, False]


def test_a_segment_that_newer_ones_overtook_is_awaited_and_then_skipped() -> None:
    push, here = Push("s", 4), stage("a1.ts", "a2.ts")

    awaiting = advance(push, listing(0, 1, 2), here, NOW)
    skipped = advance(awaiting, None, here, NOW + timedelta(seconds=2))
    came = advance(awaiting, None, here | stage("a0.ts"), NOW)

    assert [item.name for item in awaiting.waiting] == ["a0.ts", "a1.ts", "a2.ts"]
    assert [entry.name for entry in skipped.assigned] == ["a1.ts", "a2.ts"]
    assert [entry.discontinuity for entry in skipped.assigned] == [False, False]
    assert [entry.name for entry in came.assigned] == ["a0.ts", "a1.ts", "a2.ts"]


def test_the_end_of_a_push_skips_nothing_until_it_is_final() -> None:
    push = advance(Push("s", 4), listing(0, 1, 2, ended=True), stage("a0.ts", "a2.ts"), NOW)
    final = advance(push, None, stage("a2.ts"), NOW, final=True)

    assert [item.name for item in push.waiting] == ["a1.ts", "a2.ts"]
    assert [entry.discontinuity for entry in final.assigned] == [False, True]
    assert final.waiting == ()


def test_a_sender_that_begins_again_before_anything_came_is_followed() -> None:
    awaiting = advance(Push("s", 4), listing(5, 6), {}, NOW)
    again = advance(awaiting, listing(0, 1), stage("a0.ts"), NOW)

    assert [item.name for item in awaiting.waiting] == ["a5.ts", "a6.ts"]
    assert [entry.name for entry in again.assigned] == ["a0.ts"]
    assert [item.name for item in again.waiting] == ["a1.ts"]


def test_a_restarted_sender_whose_first_segment_is_overtaken_loses_none() -> None:
    push = advance(Push("s", 4), listing(7, 8, 9), stage("a7.ts", "a8.ts", "a9.ts"), NOW)
    push = advance(push, listing(0, 1), stage("a1.ts"), NOW)
    push = advance(push, listing(0, 1, 2), stage("a0.ts", "a1.ts"), NOW)

    assert [entry.name for entry in push.assigned[3:]] == ["a0.ts", "a1.ts"]
    assert [entry.discontinuity for entry in push.assigned[3:]] == [True, False]
    assert [item.name for item in push.waiting] == ["a2.ts"]


def test_an_older_playlist_that_comes_late_shortens_no_queue() -> None:
    push = advance(Push("s", 4), listing(0, 1, 2, ended=True), stage("a2.ts"), NOW)
    push = advance(push, listing(0, 1), stage("a0.ts", "a1.ts", "a2.ts"), NOW)

    assert [entry.name for entry in push.assigned] == ["a0.ts", "a1.ts", "a2.ts"]
    assert push.ended


def test_the_end_of_an_earlier_push_begins_nothing() -> None:
    assert advance(Push("s", 4), listing(0, 1, ended=True), {}, NOW).waiting == ()


def test_another_codec_is_a_discontinuity() -> None:
    push = advance(Push("s", 4), listing(0), stage("a0.ts"), NOW)
    push = advance(push, listing(0, 1), {"a1.ts": staged("a1.ts", signature="t")}, NOW)
    assert [entry.discontinuity for entry in push.assigned] == [False, True]
    assert push.discontinuities == 1


@pytest.mark.parametrize(
    ("listed", "measured", "taken"), [(1.96, 1.92, 1.96), (2.0, 2.002, 2.002), (1.5, 2.0, 2.0), (2.0, 2.0, 2.0)]
)
def test_a_duration_that_was_rounded_or_is_wrong_is_measured(listed: float, measured: float, taken: float) -> None:
    one = {"a0.ts": staged("a0.ts", duration=measured)}
    assert advance(Push("s", 4), listing(0, seconds=listed), one, NOW).assigned[0].duration == taken


def test_media_time_follows_the_clock_over_a_break_and_never_goes_back() -> None:
    push = advance(Push("s", 4), listing(0), stage("a0.ts"), NOW)
    late = Item(0, "a0.ts", 2.0, NOW - timedelta(minutes=5))
    push = advance(push, Listing((late,), 2, False), {"a0.ts": staged("a0.ts", "other")}, NOW)
    assert (push.assigned[1].discontinuity, push.assigned[1].media_time) == (True, 2.0)


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.booleans()), max_size=25))
def test_however_requests_come_sequences_have_no_holes_and_time_never_goes_back(
    requests: list[tuple[int, bool, bool]],
) -> None:
    push, here = Push("s", 4), dict[str, Staged]()
    for number, segment, resent in requests:
        if segment:
            here[f"a{number}.ts"] = staged(f"a{number}.ts", f"{number}{resent}")
        else:
            push = advance(push, listing(*range(max(0, number - 3), number + 1)), here, NOW)
    assert [entry.sequence for entry in push.assigned] == list(range(push.next))
    ends = [entry.media_time + entry.duration for entry in push.assigned]
    assert all(entry.media_time >= end - 1e-6 for entry, end in zip(push.assigned[1:], ends, strict=False))
    assert len({entry.name + str(entry.generation) for entry in push.assigned}) <= 13 * 2
    assert push.discontinuities == sum(entry.discontinuity for entry in push.assigned)


def test_the_target_duration_is_chosen_again_while_no_segment_is_stored() -> None:
    """The only segment may be sent again, longer, before it is stored."""
    before = Push("now", 4, waiting=(Item(0, "live1.ts", 2.0),))
    longer = {"live1.ts": staged("live1.ts", duration=12.32)}
    seen = Window("index.m3u8", 0, None, None, [])
    lease: Any = SimpleNamespace(session="now")

    found = resume.current("cam", before, lease, None, seen, Stage(longer, {}), Ingest())

    assert (found.session, found.next, found.target) == ("now", 0, 12)
