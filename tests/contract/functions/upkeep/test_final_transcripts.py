"""Final transcripts: the sound of a session is joined, heard in a batch, and its words replace those heard live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import numpy as np
import pytest
from tests.contract.functions.speech_double import FakeSpeech, hears, says
from tests.contract.functions.world import SESSION, World
from tests.unit.speech.spoken import beeps, clip, segments

from pipeline.cloud import clients, objects
from pipeline.documents.control import quotas
from pipeline.documents.quota import allowances
from pipeline.documents.quota.spending import spending
from pipeline.documents.spoken import transcriptions
from pipeline.domain import names
from pipeline.domain.model import Segment, SegmentRef, SpeechSettings
from pipeline.domain.quotas import StreamQuota
from pipeline.maintenance import transcripts
from pipeline.maintenance.removal import remove
from pipeline.speech import batch
from pipeline.speech.settings import transcription

ENGLISH = SpeechSettings(True, ("en-US",))
SECOND = timedelta(seconds=60)


@pytest.fixture(scope="module")
def double() -> Iterator[FakeSpeech]:
    server = FakeSpeech()
    yield server
    server.stop()


@pytest.fixture
def speech(world: World, double: FakeSpeech, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSpeech]:
    monkeypatch.setenv("SPEECH_EMULATOR_HOST", double.address)
    caches = (clients.speech_client, transcription)
    for cache in caches:
        cache.cache_clear()
    for left in world.db.collection("transcriptions").stream():
        left.reference.delete()
    double.answer(says(("half", 0.2, 0.6)))
    double.hear(hears(("Whole,", 0.9, 1.4), ("sentence.", 4.5, 5.5)))
    yield double
    for cache in caches:
        cache.cache_clear()


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Segment, bytes]]:
    """Three segments in which something sounds."""
    return segments(clip(tmp_path_factory.mktemp("cut") / "c.ts", beeps(6, 0.5, 1.4, 2.5, 4.5)))


def heard_live(world: World, stream: str, cut: list[tuple[Segment, bytes]], *, ended: bool = True) -> str:
    """A session of `stream` whose segments were transcribed one by one."""
    world.stream(stream, speech=ENGLISH)
    for segment, data in cut:
        ref = SegmentRef(stream, SESSION, segment.ref.sequence)
        push = world.put(names.segment_object(ref), data, "video/mp2t", objects.segment_metadata(segment))
        assert world.deliver("transcribe", push) == 200
    fields = {"segments": len(cut), "ended": datetime.now(UTC) if ended else None}
    world.db.document(names.session_path(stream, SESSION)).set(fields, merge=True)
    return stream


def sweep(minutes: int = 1) -> int:
    """What maintenance does in so many minutes."""
    now = datetime.now(UTC)
    return sum(transcripts.sweep(now + minute * SECOND) for minute in range(minutes))


def documents(world: World, stream: str) -> list[dict[str, Any]]:
    found = world.db.collection(f"{names.session_path(stream, SESSION)}/transcripts").order_by("sequence").stream()
    return [one.to_dict() or {} for one in found]


def words(world: World, stream: str) -> list[list[str]]:
    return [[word["text"] for word in one["words"]] for one in documents(world, stream)]


def kept(world: World, stream: str) -> list[str]:
    return [str(blob.name) for blob in world.bucket.list_blobs(prefix=f"{names.SOUND}{stream}/")]


def noted(stream: str) -> bool:
    path = names.transcription_path(stream, SESSION)
    return bool(clients.firestore_client().document(path).get().exists)


def test_the_words_of_the_whole_session_replace_those_heard_live(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = heard_live(world, "final", cut)
    live = documents(world, stream)
    assert [word["text"] for word in live[0]["words"]] == ["half"]
    assert sweep(2) == 2
    assert words(world, stream) == [["Whole,"], [], ["sentence."]]
    final = documents(world, stream)
    assert [one["words"][0]["start"] for one in (final[0], final[2])] == [0.9, 4.5]
    assert [(one["final"], one["model"], one["error"], one["language"]) for one in final] == [
        (True, "long", None, "en-us")
    ] * 3
    assert [one["begins"] for one in final] == [one["media_time"] for one in final]
    assert sum(one["seconds"] for one in final) == pytest.approx(sum(one["seconds"] for one in live) + 9)
    assert sum(one["paid_micros"] for one in final) > sum(one["paid_micros"] for one in live)


def test_nothing_is_left_of_the_sound_and_nothing_is_heard_twice(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = heard_live(world, "tidy", cut)
    assert len(kept(world, stream)) == 3
    assert sweep(5) == 2
    assert (kept(world, stream), noted(stream), len(speech.recordings)) == ([], False, 1)


def test_the_recording_is_sent_as_it_wants_it(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = heard_live(world, "sent-whole", cut)
    speech.hear(None)
    sweep()
    [request] = speech.recordings
    assert (list(request.config.language_codes), request.config.model) == (["en-US"], "long")
    features = request.config.features
    assert (features.enable_automatic_punctuation, features.enable_word_time_offsets) == (True, True)
    assert not features.diarization_config
    assert request.recognition_output_config.inline_response_config is not None
    [file] = request.files
    assert file.uri.startswith(f"gs://{world.bucket.name}/sound/{stream}/")
    name = file.uri.removeprefix(f"gs://{world.bucket.name}/")
    samples = np.frombuffer(world.bucket.blob(name).download_as_bytes(), "<i2").astype(int)
    assert samples.size == 6 * 16000
    loud = np.flatnonzero(np.abs(samples) > 2000) / 16000
    assert (loud[0], loud[-1]) == (pytest.approx(0.5, abs=0.05), pytest.approx(4.7, abs=0.3))


def test_a_session_that_goes_on_keeps_its_sound(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = heard_live(world, "goes-on", cut, ended=False)
    assert sweep(20) == 0
    assert (len(kept(world, stream)), noted(stream), speech.recordings) == (3, True, [])


def test_an_hour_is_heard_while_its_session_goes_on(
    world: World, speech: FakeSpeech, cut: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "LONGEST", 4.0)
    monkeypatch.setattr(transcripts, "_SEGMENTS", 0)
    stream = heard_live(world, "hours", cut, ended=False)
    speech.hear(hears(("First.", 0.5, 0.9)))
    assert sweep(2) == 2
    assert words(world, stream)[0] == ["First."]
    assert [one.get("final") for one in documents(world, stream)] == [True, True, None]
    world.db.document(names.session_path(stream, SESSION)).update({"ended": datetime.now(UTC)})
    speech.hear(hears(("Last.", 0.5, 0.9)))
    sweep(15)
    assert words(world, stream) == [["First."], [], ["Last."]]
    assert (kept(world, stream), noted(stream)) == ([], False)


def test_segments_that_are_not_transcribed_yet_are_waited_for(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = heard_live(world, "waits", cut[:2])
    world.db.document(names.session_path(stream, SESSION)).update({"segments": 3})
    assert sweep(5) == 0
    assert sweep(15) == 2  # ten minutes after the newest sound, no other will come


@pytest.mark.parametrize("code", [grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.INTERNAL])
def test_what_fails_leaves_the_words_heard_live(
    world: World, speech: FakeSpeech, cut: Any, code: grpc.StatusCode
) -> None:
    stream = heard_live(world, f"fails-{code.value[0]}", cut)
    live = words(world, stream)
    speech.hear(code)
    sweep(10)
    assert words(world, stream) == live
    assert len(speech.recordings) == (1 if code is grpc.StatusCode.INVALID_ARGUMENT else 3)
    assert (kept(world, stream), noted(stream)) == ([], False)


def test_an_operation_that_is_forgotten_is_started_again(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = heard_live(world, "forgotten", cut)
    speech.hear(grpc.StatusCode.NOT_FOUND, hears(("Again.", 0.5, 0.9)))
    sweep(6)
    assert words(world, stream)[0] == ["Again."]
    assert len(speech.recordings) == 2


def test_without_money_it_waits(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = heard_live(world, "poor", cut)
    quotas.save_stream(stream, "main", StreamQuota(usd_day=0.001))  # 6 s cost $0.0016
    allowances.forget()
    spending.forget()
    assert sweep(10) == 0
    assert (speech.recordings, noted(stream)) == ([], True)


def test_a_session_that_was_deleted_leaves_nothing(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = heard_live(world, "deleted", cut)
    assert remove(stream, 60)
    assert sweep(2) == 0
    assert (kept(world, stream), noted(stream), speech.recordings) == ([], False, [])


def test_speakers_are_told_apart_if_the_deployment_wants_it(
    world: World, speech: FakeSpeech, cut: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SPEECH_SPEAKERS", "true")
    transcription.cache_clear()
    stream = heard_live(world, "speakers", cut)
    speech.hear(hears(("Hello.", 0.5, 0.9), speaker="2"))
    sweep(2)
    assert speech.recordings[0].config.features.diarization_config is not None
    assert documents(world, stream)[0]["words"][0]["speaker"] == "2"


def test_one_run_of_maintenance_has_it_at_a_time(world: World, speech: FakeSpeech, cut: Any) -> None:
    heard_live(world, "claimed", cut)
    now = datetime.now(UTC)
    [one] = transcriptions.due(now)
    assert transcriptions.claim(one, now + SECOND)
    assert not transcriptions.claim(one, now + SECOND)


def test_it_can_be_switched_off(world: World, speech: FakeSpeech, cut: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPEECH_FINAL", "false")
    transcription.cache_clear()
    stream = heard_live(world, "off", cut)
    assert (kept(world, stream), noted(stream)) == ([], False)
