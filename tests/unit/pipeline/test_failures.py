"""Errors as documents hold them."""

from __future__ import annotations

import pytest
import requests
from google.api_core import exceptions as google

from pipeline.cloud.google_errors import meaning, translate
from pipeline.detection.service.client import ServiceClient
from pipeline.detection.settings import Detection
from pipeline.domain import errors
from pipeline.domain.errors import Code, Conflict, Failure, MediaAnalyzerError
from pipeline.domain.providers import Called

SECRET = "db password hunter2 at 10.0.0.7"


def subclasses(cls: type[errors.MediaAnalyzerError]) -> list[type[errors.MediaAnalyzerError]]:
    return [cls, *(below for child in cls.__subclasses__() for below in subclasses(child))]


def test_each_error_of_the_tree_has_a_code_of_its_own() -> None:
    codes = [cls.code for cls in subclasses(errors.MediaAnalyzerError)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("cls", subclasses(errors.MediaAnalyzerError))
def test_a_failure_reads_the_same_after_it_was_stored(cls: type[errors.MediaAnalyzerError]) -> None:
    failure = Failure.of(cls("do this instead"))
    assert failure.fields() == {"code": cls.code.value, "message": "do this instead"}
    assert Failure.read(failure.fields()) == failure


def test_a_document_of_before_there_were_codes_is_read_as_its_message() -> None:
    assert Failure.read("the quota is used up") == Failure("", "the quota is used up")


def test_a_document_without_an_error_has_no_failure() -> None:
    assert Failure.read(None) is None


def test_a_code_is_stored_as_plain_text() -> None:
    assert type(Failure(Code.BUSY, "full").fields()["code"]) is str


# Viewers read documents: no address of a person, and no words of another service.


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
    monkeypatch.setattr("pipeline.detection.service.client.detection", lambda: Detection(places_private=True))
    answer = requests.Response()
    answer.status_code, answer._content = status, SECRET.encode()
    monkeypatch.setattr(requests.Session, "post", lambda *_, **__: answer)
    with pytest.raises(MediaAnalyzerError) as raised:
        ServiceClient(Called("clip", "clip", "http://clip.example")).post("/v1/detect", {})
    assert SECRET in str(raised.value)
    assert SECRET not in shown(raised.value) and str(status) in shown(raised.value)
