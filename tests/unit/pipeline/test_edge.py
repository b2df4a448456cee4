"""What becomes of an event, and what a caller reads, for each error of the tree."""

from __future__ import annotations

import json
import logging

import pytest
import requests
from google.api_core import exceptions as google
from tests.unit.pipeline.notifications import event, message
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound

from pipeline.cloud import edge, http
from pipeline.cloud.events import ObjectEvent
from pipeline.cloud.google_errors import translate
from pipeline.domain import errors
from pipeline.domain.errors import Disposition


def subclasses(cls: type[errors.MediaAnalyzerError]) -> list[type[errors.MediaAnalyzerError]]:
    return [cls, *(below for child in cls.__subclasses__() for below in subclasses(child))]


def outcome(error: Exception) -> int:
    """The status with which an event is answered whose handler raises `error`."""

    def handler(_: ObjectEvent) -> None:
        raise error

    try:
        edge.handle(handler, event(message()))
    except HTTPException as refusal:
        return refusal.get_response().status_code
    return 200


@pytest.mark.parametrize("cls", subclasses(errors.MediaAnalyzerError))
def test_an_event_is_acknowledged_exactly_where_the_error_says_so(cls: type[errors.MediaAnalyzerError]) -> None:
    status = outcome(cls("why"))
    if cls.disposition is Disposition.ACKNOWLEDGE:
        assert status == 200
    else:
        assert status == cls.status
        assert not 200 <= status < 300


@pytest.mark.parametrize("cls", subclasses(errors.MediaAnalyzerError))
def test_the_log_has_the_reason_the_message_and_the_object(
    cls: type[errors.MediaAnalyzerError], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        outcome(cls("the very reason"))
    [record] = caplog.records
    assert "the very reason" in record.getMessage()
    assert cls.disposition.value in record.getMessage()
    assert record.labels["message_id"] == "42"  # type: ignore[attr-defined]
    assert record.labels["object"] == "segments/s/x/00000001.ts"  # type: ignore[attr-defined]


def test_a_defect_is_retried_and_its_stack_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert outcome(ZeroDivisionError("oh")) == 500
    assert caplog.records[0].exc_info is not None
    assert "ZeroDivisionError" in caplog.records[0].getMessage()


def test_a_malformed_message_is_refused_before_the_handler_sees_it() -> None:
    seen: list[ObjectEvent] = []
    with pytest.raises(HTTPException) as refusal:
        edge.handle(seen.append, event({"message": {}}))
    assert refusal.value.get_response().status_code == errors.Poison.status
    assert seen == []


def test_a_handler_that_returns_acknowledges() -> None:
    seen: list[ObjectEvent] = []
    edge.handle(seen.append, event(message()))
    assert [one.message_id for one in seen] == ["42"]


@pytest.mark.parametrize("cls", subclasses(errors.MediaAnalyzerError))
def test_each_refusal_is_told_before_it_is_made_and_nothing_else_is(cls: type[errors.MediaAnalyzerError]) -> None:
    told: list[errors.MediaAnalyzerError] = []

    def handler(_: ObjectEvent) -> None:
        raise cls("why")

    try:
        edge.handle(handler, event(message()), lambda _, error: told.append(error))
    except HTTPException:
        assert [str(error) for error in told] == ["why"]
    else:
        assert told == []


def test_a_message_that_is_no_notification_reaches_a_handler_of_messages() -> None:
    seen: list[object] = []
    edge.handle_message(seen.append, event({"message": {}}))
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("error", "cls"),
    [
        (google.TooManyRequests("slow down"), errors.QuotaExceeded),
        (google.ResourceExhausted("slow down"), errors.QuotaExceeded),
        (google.ServiceUnavailable("away"), errors.Unavailable),
        (google.DeadlineExceeded("late"), errors.Unavailable),
        (google.RetryError("gave up", ValueError()), errors.Unavailable),
        (requests.ConnectionError("refused"), errors.Unavailable),
        (requests.Timeout("late"), errors.Unavailable),
        (ConnectionResetError("reset"), errors.Unavailable),
        (google.Forbidden("no"), errors.MediaAnalyzerError),
        (KeyError("x"), errors.MediaAnalyzerError),
    ],
)
def test_what_others_raise_has_its_place_in_the_tree(error: Exception, cls: type[errors.MediaAnalyzerError]) -> None:
    assert type(translate(error)) is cls


@pytest.mark.parametrize("cls", subclasses(errors.MediaAnalyzerError)[1:])
def test_a_caller_reads_problem_json_with_the_reason(cls: type[errors.MediaAnalyzerError]) -> None:
    response = http.problem(cls("do this instead"))
    assert response.content_type == "application/problem+json"
    assert response.status_code == cls.status
    body = json.loads(response.get_data())
    assert body == {"type": "about:blank", "title": cls.title, "status": cls.status, "detail": "do this instead"}


def test_a_caller_learns_nothing_of_a_defect() -> None:
    body = http.problem(translate(KeyError("password"))).get_data(as_text=True)
    assert "password" not in body


@pytest.mark.parametrize("error", [NotFound(), MethodNotAllowed(["GET"])])
def test_what_the_router_refuses_is_problem_json_too(error: HTTPException) -> None:
    response = http.refused(error)
    assert response.content_type == "application/problem+json"
    assert json.loads(response.get_data())["status"] == response.status_code == error.code
