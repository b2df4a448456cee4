"""More calls than can be heard in time are refused as Google refuses what is beyond a quota, not left waiting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Event
from typing import Any

import pytest
from google.cloud.speech_v2.types import ExplicitDecodingConfig, RecognitionConfig, RecognizeRequest
from grpc import StatusCode

from emulator.emulators.speech import recogniser
from emulator.emulators.speech.recogniser import MAX_CALLS, Recogniser
from emulator.emulators.speech.service import recognize
from emulator.rpc import CallError

CODED = ExplicitDecodingConfig(encoding=1, sample_rate_hertz=16000, audio_channel_count=1)
REQUEST = RecognizeRequest(
    recognizer="projects/p/locations/global/recognizers/_",
    config=RecognitionConfig(explicit_decoding_config=CODED, language_codes=["en-US"], model="short"),
    content=b"\x00\x40" * 1600,
)


class Slow:
    """A decoder that hears nothing, once it may."""

    def __init__(self) -> None:
        self.may = Event()

    def process_raw(self, *_: Any, **__: Any) -> None:
        assert self.may.wait(60)

    def start_stream(self) -> None: ...
    def start_utt(self) -> None: ...
    def end_utt(self) -> None: ...
    def seg(self) -> None: ...


def test_who_is_one_too_many_is_told_so_and_the_others_are_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    decoder, listener = Slow(), Recogniser()
    monkeypatch.setattr(recogniser, "_loaded", lambda: decoder)

    def call() -> Any:
        return recognize(listener, RecognizeRequest.pb(REQUEST))

    with ThreadPoolExecutor(MAX_CALLS + 1) as pool:
        calls = [pool.submit(call) for _ in range(MAX_CALLS + 1)]
        try:
            refused = next(as_completed(calls, timeout=20))
        finally:
            decoder.may.set()
    error = refused.exception()
    assert isinstance(error, CallError)
    assert error.code is StatusCode.RESOURCE_EXHAUSTED
    assert [one.exception() for one in calls if one is not refused] == [None] * MAX_CALLS
    assert call() is not None
