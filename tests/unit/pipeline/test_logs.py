"""Log lines as Cloud Logging reads them."""

from __future__ import annotations

import json
import logging
import sys

from pipeline.cloud.logs import JsonFormatter


def entry(**extra: object) -> dict[str, object]:
    record = logging.makeLogRecord(
        {"name": "here", "levelno": 40, "levelname": "ERROR", "msg": "n=%d", "args": (3,), **extra}
    )
    line = JsonFormatter().format(record)
    assert "\n" not in line
    return json.loads(line)


def test_a_line_has_severity_and_message() -> None:
    line = entry()
    assert (line["severity"], line["message"], line["logger"]) == ("ERROR", "n=3", "here")


def test_labels_are_texts_under_clouds_own_name() -> None:
    assert entry(labels={"message_id": 42})["logging.googleapis.com/labels"] == {"message_id": "42"}


def test_an_exception_leaves_its_stack_in_one_line() -> None:
    try:
        raise ValueError("why")
    except ValueError:
        line = entry(exc_info=sys.exc_info())
    assert "ValueError: why" in str(line["stack_trace"])
