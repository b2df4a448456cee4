"""`transcribe`, delivered as Pub/Sub delivers, to a Speech-to-Text that answers what the test says."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest
from tests.contract.functions.speech_double import FakeSpeech, says
from tests.contract.functions.world import SESSION, STARTED, World
from tests.unit.ingest.clips import make_clip
from tests.unit.speech.spoken import beeps, clip, segments

from pipeline.cloud import clients, objects
from pipeline.documents import analysis_config
from pipeline.documents.control import quotas
from pipeline.domain import names
from pipeline.domain.model import Segment, SegmentRef, SpeechSettings
from pipeline.domain.quotas import StreamQuota
from pipeline.maintenance.removal import delete_documents
from pipeline.speech.settings import transcription

ENGLISH = SpeechSettings(True, ("en-US",))
KEY = {"Authorization": "Bearer admin-key-for-tests"}


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
    double.answer(says())
    yield double
    for cache in caches:
        cache.cache_clear()


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Segment, bytes]]:
    """Three segments in which something sounds."""
    return segments(clip(tmp_path_factory.mktemp("cut") / "c.ts", beeps(6, 0.5, 1.4, 2.5, 4.5)))


def put(world: World, stream: str, one: tuple[Segment, bytes], **changes: Any) -> dict[str, Any]:
    """Stores a segment of `stream`; the push that announces it."""
    segment, data = one
    ref = SegmentRef(stream, SESSION, segment.ref.sequence)
    metadata = objects.segment_metadata(segment) | changes
    return world.put(names.segment_object(ref), data, "video/mp2t", metadata)


def provider() -> dict[str, Any]:
    """What is told of Speech-to-Text, which the page and the health view show."""
    return clients.firestore_client().document(names.provider_path("speech")).get().to_dict() or {}


def transcript(world: World, stream: str, sequence: int) -> dict[str, Any] | None:
    return world.db.document(names.transcript_path(SegmentRef(stream, SESSION, sequence))).get().to_dict()


def test_words_stand_in_a_document_at_their_media_time(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = world.stream("said", speech=ENGLISH)
    put(world, stream, cut[0])
    speech.answer(says(("hello", 0.8, 1.2), ("world", 1.5, 2.0)))
    assert world.deliver("transcribe", put(world, stream, cut[1])) == 200
    found = transcript(world, stream, 1)
    assert found is not None
    assert found["words"] == [
        {"text": "hello", "start": 1.8, "end": 2.2, "confidence": 0.5},
        {"text": "world", "start": 2.5, "end": 3.0, "confidence": 0.5},
    ]
    assert (found["begins"], found["media_time"], found["duration"], found["sequence"]) == (1.5, 2.0, 2.0, 1)
    assert (found["language"], found["model"], found["seconds"], found["error"]) == ("en-us", "short", 3.0, None)
    assert found["transcribed_at"] > STARTED
    assert found["took_ms"] >= 0


def test_it_is_sent_as_it_wants_it_with_the_end_of_the_segment_before(
    world: World, speech: FakeSpeech, cut: Any
) -> None:
    stream = world.stream("sent", speech=SpeechSettings(True, ("de-DE", "en-US")))
    put(world, stream, cut[0])
    assert world.deliver("transcribe", put(world, stream, cut[1])) == 200
    [request] = speech.requests
    assert request.recognizer == "projects/test-project/locations/global/recognizers/_"
    assert (list(request.config.language_codes), request.config.model) == (["de-DE", "en-US"], "short")
    coded = request.config.explicit_decoding_config
    assert (coded.encoding.name, coded.sample_rate_hertz, coded.audio_channel_count) == ("LINEAR16", 16000, 1)
    assert request.config.features.enable_word_time_offsets
    samples = np.frombuffer(request.content, "<i2").astype(int)
    assert samples.size == 3 * 16000
    assert np.flatnonzero(np.abs(samples) > 2000)[0] / 16000 == pytest.approx(0.4, abs=0.02)


def test_words_that_lie_outside_of_what_was_sent_are_left_out(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = world.stream("outside-of-the-sound", speech=ENGLISH)
    speech.answer(says(("late", 1.8, 9000.0), ("back", 1.2, 1.0), ("said", 0.5, 0.9), ("end", 1.7, 2.05)))
    assert world.deliver("transcribe", put(world, stream, cut[0])) == 200
    found = transcript(world, stream, 0)
    assert found is not None
    assert [word["text"] for word in found["words"]] == ["said", "end"]


@pytest.mark.parametrize("missing", ["first", "gone", "discontinuity", "elsewhen", "malformed"])
def test_without_a_segment_before_it_is_heard_alone(world: World, speech: FakeSpeech, cut: Any, missing: str) -> None:
    stream = world.stream(f"alone-{missing}", speech=ENGLISH)
    if missing == "malformed":
        put(world, stream, cut[0], duration="long")
    elif missing != "gone":
        put(world, stream, cut[0], **({"duration": "1.0"} if missing == "elsewhen" else {}))
    one = cut[0] if missing == "first" else cut[1]
    changes = {"discontinuity": "true"} if missing == "discontinuity" else {}
    speech.answer(says(("early", 0.0, 0.2)))
    assert world.deliver("transcribe", put(world, stream, one, **changes)) == 200
    assert len(speech.requests[0].content) == 2 * 2 * 16000
    found = transcript(world, stream, one[0].ref.sequence)
    assert found is not None
    assert found["begins"] == found["media_time"] == found["words"][0]["start"]


@pytest.mark.parametrize(
    ("name", "said"),
    [("nothing", SpeechSettings()), ("languages", SpeechSettings(languages=("en-US",))), ("no", SpeechSettings(False))],
)
def test_it_is_off_unless_somebody_says_so(
    world: World, speech: FakeSpeech, cut: Any, name: str, said: SpeechSettings
) -> None:
    stream = world.stream(f"off-{name}", speech=said)
    assert world.deliver("transcribe", put(world, stream, cut[0])) == 200
    assert transcript(world, stream, 0) is None
    assert speech.requests == []


def test_what_is_not_to_be_heard_is_for_others_to_refuse(world: World, speech: FakeSpeech, cut: Any) -> None:
    off, on = world.stream("off-and-wrong"), world.stream("on-and-wrong", speech=ENGLISH)
    assert world.deliver("transcribe", put(world, off, cut[0], duration="long")) == 200
    assert world.deliver("transcribe", put(world, on, cut[0], duration="long")) == 422


def test_it_is_switched_on_for_all_and_off_for_one_without_a_restart(
    world: World, speech: FakeSpeech, cut: Any
) -> None:
    document = world.control.document(names.CONFIG)
    api = world.api()
    on = {"speech": {"enabled": True, "languages": ["fr-FR"]}}
    try:
        assert api.patch("/config/analysis", json=on, headers=KEY).get_json()["config"]["speech"] == on["speech"]
        for stream in (world.stream("as-all"), world.stream("not-this-one", speech=SpeechSettings(False))):
            assert world.deliver("transcribe", put(world, stream, cut[0])) == 200
    finally:
        document.delete()
        analysis_config.publish()
    [request] = speech.requests
    assert list(request.config.language_codes) == ["fr-FR"]
    assert transcript(world, "as-all", 0) is not None
    assert transcript(world, "not-this-one", 0) is None


def test_a_redelivered_segment_is_not_paid_for_again(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = world.stream("said-again", speech=ENGLISH)
    push = put(world, stream, cut[0])
    assert [world.deliver("transcribe", push) for _ in range(2)] == [200, 200]
    assert len(speech.requests) == 1


def test_silence_is_not_paid_for(world: World, speech: FakeSpeech, cut: Any, tmp_path: Path) -> None:
    stream = world.stream("silent", speech=ENGLISH)
    [quiet] = segments(clip(tmp_path / "c.ts", beeps(2)))
    [mute] = segments(make_clip(tmp_path / "mute.ts", seconds=2, audio=None).path)
    assert world.deliver("transcribe", put(world, stream, quiet)) == 200
    other = world.stream("mute", speech=ENGLISH)
    assert world.deliver("transcribe", put(world, other, mute)) == 200
    assert speech.requests == []
    for name in (stream, other):
        found = transcript(world, name, 0)
        assert found is not None
        assert (found["words"], found["seconds"], found["error"]) == ([], 0.0, None)


@pytest.mark.parametrize(
    ("status", "answered"),
    [
        (grpc.StatusCode.INVALID_ARGUMENT, 422),
        (grpc.StatusCode.UNIMPLEMENTED, 422),
        (grpc.StatusCode.RESOURCE_EXHAUSTED, 429),
        (grpc.StatusCode.UNAVAILABLE, 503),
        (grpc.StatusCode.PERMISSION_DENIED, 503),
    ],
)
def test_an_error_is_recorded_until_a_later_delivery_replaces_it(
    world: World,
    speech: FakeSpeech,
    cut: Any,
    status: grpc.StatusCode,
    answered: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    stream = world.stream(f"failed-{answered}-{status.value[0]}", speech=ENGLISH)
    push = put(world, stream, cut[0])
    speech.answer(status, says(("well", 0.5, 0.9)))
    assert world.deliver("transcribe", push) == answered
    failed = transcript(world, stream, 0)
    assert failed is not None
    assert f"told to say {status.name}" in caplog.text
    said = failed["error"]["message"]
    assert said.startswith("Speech-to-Text") and "told to say" not in said, "viewers read it"
    assert (failed["words"], failed["seconds"]) == ([], 0.0)
    told = provider()
    assert (told["state"], told["last_error"]) == ("failing", failed["error"]["message"])
    assert world.deliver("transcribe", push) == 200
    assert provider()["state"] == "ok"
    mended = transcript(world, stream, 0)
    assert mended is not None
    assert mended["error"] is None
    assert [word["text"] for word in mended["words"]] == ["well"]


def test_what_is_no_segment_is_refused_with_the_reason_in_document_and_log(
    world: World, speech: FakeSpeech, caplog: pytest.LogCaptureFixture
) -> None:
    stream = world.stream("no-ts", speech=ENGLISH)
    push = world.put_segment(stream, 0, b"no video at all")
    with caplog.at_level(logging.ERROR):
        assert world.deliver("transcribe", push) == 422
    assert "dead-letter: the segment is not MPEG-TS" in caplog.text
    found = transcript(world, stream, 0)
    assert found is not None
    assert "not MPEG-TS" in found["error"]["message"]
    assert speech.requests == []


def test_a_segment_that_is_too_long_for_one_call_is_refused(world: World, speech: FakeSpeech, cut: Any) -> None:
    push = put(world, world.stream("too-long", speech=ENGLISH), cut[0], duration="46.0")
    assert world.deliver("transcribe", push) == 422
    assert speech.requests == []


def test_a_segment_of_a_deleted_stream_is_acknowledged_and_its_transcripts_go_with_it(
    world: World, speech: FakeSpeech, cut: Any
) -> None:
    stream = world.stream("said-and-gone", speech=ENGLISH)
    push = put(world, stream, cut[0])
    world.deliver("transcribe", push)
    assert transcript(world, stream, 0) is not None
    delete_documents(stream, lambda: True)
    assert transcript(world, stream, 0) is None


def test_what_was_billed_is_in_the_sessions_cost(world: World, speech: FakeSpeech, cut: Any) -> None:
    stream = world.stream("billed", speech=ENGLISH)
    session = {"started": STARTED, "segments": 3, "media_seconds": 6.0}
    world.db.document(names.session_path(stream, SESSION)).set(session)
    speech.answer(says(billed=2), says(billed=3), grpc.StatusCode.UNAVAILABLE)
    assert [world.deliver("transcribe", put(world, stream, one)) for one in cut] == [200, 200, 503]
    path = f"/streams/{stream}/sessions/{SESSION}/cost"
    cost = world.api().get(path, headers=KEY).get_json()["cost"]
    assert cost["usage"]["speech_seconds"] == 5.0
    [line] = [line for line in cost["lines"] if line["item"] == "speech.standard"]
    assert (line["quantity"], line["unit"], line["usd"]) == (5.0, "seconds", pytest.approx(5 * 0.016 / 60, abs=1e-6))


@pytest.mark.parametrize(
    ("speech", "named"),
    [
        ({"enabled": "yes"}, "speech.enabled"),
        ({"languages": "en-US"}, "speech.languages"),
        ({"languages": ["english!"]}, "speech.languages"),
        ({"languages": ["en"] * 5}, "speech.languages"),
        ({"voice": 1}, "speech.voice"),
    ],
)
def test_settings_that_are_wrong_are_named(world: World, speech: Any, named: str) -> None:
    api = world.api()
    refused = api.patch("/config/analysis", json={"speech": speech}, headers=KEY)
    assert refused.status_code == 400
    assert named in refused.get_json()["detail"]
    created = api.post("/streams", json={"name": "X", "settings": {"speech": speech}}, headers=KEY)
    assert created.status_code == 400


def test_over_the_day_s_budget_nothing_is_sent_and_the_reason_stands_where_the_words_would(
    world: World, speech: FakeSpeech, cut: Any
) -> None:
    stream = world.stream("unaffordable", speech=ENGLISH)
    quotas.save_stream(stream, "main", StreamQuota(usd_day=0.001))  # 3 s cost $0.0008
    assert world.deliver("transcribe", put(world, stream, cut[0])) == 200
    assert world.deliver("transcribe", put(world, stream, cut[1])) == 200
    assert len(speech.requests) == 1
    first, second = (transcript(world, stream, sequence) or {} for sequence in (0, 1))
    assert (first["paid_micros"], first["error"]) == (800, None)
    assert (second["error"]["code"], second.get("paid_micros")) == ("over-budget", None)
