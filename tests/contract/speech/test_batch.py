"""BatchRecognize: a recording in Cloud Storage, heard by way of the code that the product asks with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import speech_v2
from google.cloud.speech_v2.types import BatchRecognizeFileMetadata, BatchRecognizeRequest, RecognitionConfig
from tests.contract.gcs.callers import OWNER, client_of, grant
from tests.contract.gcs.emulators import Emulator as CloudStorage
from tests.contract.speech.conftest import AGENT
from tests.contract.speech.hearing import RECOGNIZER, coded
from tests.unit.speech.read_aloud import compared, reading
from tests.wait import until

from pipeline.cloud import clients
from pipeline.domain.errors import MediaAnalyzerError, Unavailable
from pipeline.domain.model import Word
from pipeline.speech import batch
from pipeline.speech.batch import Transcribed
from pipeline.speech.settings import transcription

Put = Callable[[str, bytes], str]


@pytest.fixture(scope="module")
def put(storage: CloudStorage) -> Put:
    """Stores an object which Speech-to-Text may read if it is under sound/; returns its address."""
    media = client_of(storage, OWNER).create_bucket("media")
    resource = 'resource.name.startsWith("projects/_/buckets/media/objects/sound/")'
    condition = {"title": "sound", "expression": resource}
    member = {f"serviceAccount:{AGENT}"}
    grant(media, {"role": "roles/storage.objectViewer", "members": member, "condition": condition})

    def stored(name: str, data: bytes) -> str:
        media.blob(name).upload_from_string(data)
        return f"gs://media/{name}"

    return stored


@pytest.fixture(autouse=True)
def asked_here(emulator: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SPEECH_EMULATOR_HOST", emulator.address)
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "test-project")
    monkeypatch.setenv("MEDIA_BUCKET", "media")
    for cache in (clients.speech_client, transcription):
        cache.cache_clear()
    yield
    for cache in (clients.speech_client, transcription):
        cache.cache_clear()


def outcome(uri: str, seconds: float) -> Transcribed | MediaAnalyzerError:
    operation = batch.start(uri, ["en-US"])
    return until(lambda: batch.outcome(operation, seconds), 120, f"the end of {operation}")


def test_a_recording_longer_than_a_call_takes_is_heard_whole(put: Put) -> None:
    said = reading()
    found = outcome(put("sound/long.raw", said.part(0, said.seconds) * 3), 3 * said.seconds)
    assert isinstance(found, Transcribed)
    for turn in range(3):
        begin, end = turn * said.seconds, (turn + 1) * said.seconds
        words = [
            Word(one.text.strip(".").lower(), one.start - begin, one.end - begin)
            for one in found.words
            if begin <= one.start < end
        ]
        close = compared(words, said.words)
        assert close.right >= 0.65
        assert median(close.errors) <= 0.05
    assert (found.language, found.seconds) == ("en-us", 75.0)


def test_sentences_begin_with_a_capital_and_end_with_a_full_stop(put: Put) -> None:
    said = reading(1)
    pause = bytes(2 * 16000)
    found = outcome(put("sound/two.raw", said.part(0, said.seconds) + pause + said.part(0, said.seconds)), 20.0)
    assert isinstance(found, Transcribed)
    texts = [one.text for one in found.words]
    assert texts[0][0].isupper()
    assert texts[-1].endswith(".")
    assert sum(text.endswith(".") for text in texts) >= 2


def test_silence_has_no_words(put: Put) -> None:
    found = outcome(put("sound/silence.raw", bytes(2 * 16000 * 3)), 3.0)
    assert found == Transcribed((), None, 3.0)


@pytest.mark.parametrize("name", ["sound/missing.raw", "frames/closed.raw"])
def test_what_cannot_be_read_is_an_error_of_the_operation(put: Put, name: str) -> None:
    if name.startswith("frames/"):
        put(name, bytes(32000))
    found = outcome(f"gs://media/{name}", 1.0)
    assert isinstance(found, Unavailable)
    assert "Error opening file" in str(found)


def test_an_operation_that_is_not_known_has_failed() -> None:
    found = batch.outcome("projects/test-project/locations/global/operations/none", 1.0)
    assert isinstance(found, Unavailable)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"files": []}, exceptions.InvalidArgument, "1 to 15"),
        ({"files": ["gs://media/a"] * 16}, exceptions.InvalidArgument, "1 to 15"),
        ({"files": ["gs://media/a"] * 2}, exceptions.MethodNotImplemented, "of one file"),
        ({"output": {"gcs_output_config": {"uri": "gs://media/out"}}}, exceptions.MethodNotImplemented, "output to"),
        ({"strategy": 1}, exceptions.MethodNotImplemented, "processing_strategy"),
        ({"model": "huge"}, exceptions.InvalidArgument, "does not exist"),
        ({"recognizer": RECOGNIZER.replace("_", "mine")}, exceptions.NotFound, "Unable to find"),
    ],
)
def test_what_is_refused_is_refused_at_once(
    client: speech_v2.SpeechClient, changes: dict[str, Any], error: type[Exception], words: str
) -> None:
    config = RecognitionConfig(
        explicit_decoding_config=coded(), language_codes=["en-US"], model=changes.get("model", "long")
    )  # fmt: skip
    request = BatchRecognizeRequest(
        recognizer=changes.get("recognizer", RECOGNIZER),
        config=config,
        files=[BatchRecognizeFileMetadata(uri=uri) for uri in changes.get("files", ["gs://media/a"])],
        recognition_output_config=changes.get("output", {"inline_response_config": {}}),
        processing_strategy=changes.get("strategy", 0),
    )
    with pytest.raises(error, match=words):
        client.batch_recognize(request=request, retry=None, timeout=20)
