"""Documents that viewers read say nothing of a person's address, and quote no other service."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from google.api_core import exceptions as google

from pipeline.cloud.google_errors import meaning, translate
from pipeline.detection.clip import ClipDetector
from pipeline.detection.settings import Detection
from pipeline.domain.errors import Conflict, Failure, MediaAnalyzerError, Unavailable
from pipeline.external_segments import fetch

SECRET = "db password hunter2 at 10.0.0.7"


def shown(error: MediaAnalyzerError) -> str:
    return Failure.of(error).message


def test_an_error_may_have_a_public_sentence() -> None:
    error = Conflict("the sender at 198.51.100.4 publishes it", public="another sender publishes it")
    assert (str(error), shown(error)) == ("the sender at 198.51.100.4 publishes it", "another sender publishes it")
    assert shown(Conflict("the id is taken")) == "the id is taken"


@pytest.mark.parametrize("code", [3, 8, 14])
def test_a_google_service_is_not_quoted(code: int) -> None:
    error = meaning(code, "Cloud Vision", SECRET)
    assert SECRET in str(error) and "Cloud Vision" in shown(error) and SECRET not in shown(error)


@pytest.mark.parametrize(
    "error",
    [google.TooManyRequests(SECRET), google.ServiceUnavailable(SECRET), ConnectionError(SECRET), KeyError(SECRET)],
)
def test_neither_is_what_an_unexpected_failure_says(error: Exception) -> None:
    known = translate(error)
    assert SECRET in str(known) and SECRET not in shown(known)


@pytest.mark.parametrize("status", [400, 500])
def test_the_clip_service_is_not_quoted(monkeypatch: pytest.MonkeyPatch, status: int) -> None:
    monkeypatch.setattr("pipeline.detection.clip.detection", lambda: Detection(places_private=True))
    answer = requests.Response()
    answer.status_code, answer._content = status, SECRET.encode()
    monkeypatch.setattr(requests.Session, "post", lambda *_, **__: answer)
    with pytest.raises(MediaAnalyzerError) as raised:
        ClipDetector("http://clip.example")._post("/v1/detect", {})
    assert SECRET in str(raised.value)
    assert SECRET not in shown(raised.value) and str(status) in shown(raised.value)


class Slow:
    """A store that sends a byte now and then, for ever."""

    def read1(self, _most: int) -> bytes:
        return b"x"


def test_a_segment_that_is_read_for_ever_is_given_up() -> None:
    times = iter(range(0, 1000, 19))
    slow: Any = Slow()
    with pytest.raises(Unavailable, match="not read within 60 s"):
        fetch.read(slow, 1 << 20, clock=lambda: float(next(times)))
