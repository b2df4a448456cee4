"""Each order in which the requests of an HLS sender may come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from google.cloud import firestore, storage
from tests.contract.ingest.conftest import Publishing
from tests.contract.ingest.found import document, live, placed, shown, stored
from tests.contract.ingest.pushing import Encoder, playlist
from tests.wait import until

from pipeline.domain import names


def test_nothing_begins_before_a_playlist_lists_a_segment(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes], db: firestore.Client
) -> None:
    assert encoder.playlist([])["session"] is None
    assert encoder.segment("a0.ts", pieces[0])["session"] is None
    assert encoder.playlist(["elsewhere.ts"])["session"] is None

    assert stored(bucket, stream) == []
    assert document(db, stream)["state"] == "idle"


def test_a_playlist_that_comes_before_its_segment_is_caught_up_with(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    encoder.playlist(["a0.ts"])
    assert encoder.playlist(["a0.ts", "a1.ts"])["waiting"] == ["a1.ts"]

    answer = encoder.segment("a1.ts", pieces[1])

    assert (answer["segments"], answer["waiting"]) == (2, [])
    assert shown(bucket, stream) == [0, 50]


def test_a_playlist_sent_again_and_a_segment_sent_again_change_nothing(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    session = encoder.playlist(["a0.ts"])["session"]
    encoder.segment("a0.ts", pieces[0])
    encoder.playlist(["a0.ts"])
    before = bucket.get_blob(names.live_playlist(stream.id, session))
    encoder.playlist(["a0.ts"])

    after = bucket.get_blob(names.live_playlist(stream.id, session))
    assert before is not None and after is not None
    assert before.generation == after.generation
    assert len(stored(bucket, stream)) == 1


def test_an_older_playlist_that_comes_late_is_ignored(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    for index in range(3):
        encoder.segment(f"a{index}.ts", pieces[index])
        encoder.playlist([f"a{index}.ts"], index)

    assert encoder.playlist(["a1.ts"], 1)["segments"] == 3
    assert [segment.discontinuity for segment in placed(bucket, stream)] == [False] * 3


def test_a_segment_that_never_comes_is_skipped_once_two_newer_ones_are_there(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    encoder.playlist(["a0.ts"])
    encoder.segment("a2.ts", pieces[1])
    assert encoder.playlist(["a0.ts", "a1.ts", "a2.ts"])["segments"] == 1

    encoder.segment("a3.ts", pieces[2])

    def skipped() -> dict[str, Any] | None:
        answer = encoder.playlist(["a1.ts", "a2.ts", "a3.ts"], 1)
        return answer if answer["segments"] == 3 else None

    answer = until(skipped, 20)
    segments = placed(bucket, stream)
    assert [segment.discontinuity for segment in segments] == [False, True, False]
    assert shown(bucket, stream) == [0, 50, 100]
    assert "#EXT-X-DISCONTINUITY\n" in live(bucket, stream, answer["session"])


def test_the_end_comes_once_the_last_segment_has_come(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes], db: firestore.Client
) -> None:
    encoder.segment("a0.ts", pieces[0])
    encoder.playlist(["a0.ts"])
    assert encoder.playlist(["a0.ts", "a1.ts"], ended=True)["ended"] is False

    answer = encoder.segment("a1.ts", pieces[1])

    assert (answer["ended"], answer["segments"]) == (True, 2)
    assert document(db, stream)["state"] == "ended"
    assert live(bucket, stream, answer["session"]).endswith("#EXT-X-ENDLIST\n")


def test_the_end_sent_again_begins_nothing_and_the_next_push_is_a_new_session(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    first = encoder.playlist(["a0.ts"], ended=True)
    assert encoder.playlist(["a0.ts"], ended=True)["session"] is None

    encoder.segment("a0.ts", pieces[1])
    second = encoder.playlist(["a0.ts"])

    assert first["session"] != second["session"]
    assert len(stored(bucket, stream)) == 2


def test_an_encoder_that_restarts_goes_on_in_the_session_after_a_discontinuity(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    encoder.segment("a1.ts", pieces[1])
    before = encoder.playlist(["a0.ts", "a1.ts"])
    encoder.segment("a0.ts", pieces[2])
    after = encoder.playlist(["a0.ts"])

    assert (after["session"], after["segments"]) == (before["session"], 3)
    assert [segment.discontinuity for segment in placed(bucket, stream)] == [False, False, True]
    live(bucket, stream, after["session"])


def test_two_playlists_at_once_store_each_segment_once(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    encoder.segment("a0.ts", pieces[0])
    session = encoder.playlist(["a0.ts"])["session"]
    for index in (1, 2):
        encoder.segment(f"a{index}.ts", pieces[index])
    texts = [playlist(["a0.ts", "a1.ts"]), playlist(["a0.ts", "a1.ts", "a2.ts"])] * 2
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(partial(encoder.send, "PUT", "live.m3u8"), texts))

    assert [status for status, _ in answers] == [200] * 4
    assert shown(bucket, stream) == [0, 50, 100]
    assert [segment.media_time for segment in placed(bucket, stream)] == [0.0, 2.0, 4.0]
    assert live(bucket, stream, session).count("#EXTINF") == 3


def test_a_segment_continues_the_trace_of_the_request_that_gave_it_its_turn(
    encoder: Encoder, stream: Publishing, bucket: storage.Bucket, pieces: list[bytes]
) -> None:
    parent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"
    encoder.segment("a0.ts", pieces[0])
    status, _ = encoder.send("PUT", "live.m3u8", playlist(["a0.ts"]), traceparent=parent)

    assert status == 200
    assert [(blob.metadata or {}).get("traceparent") for blob in stored(bucket, stream)] == [parent]
