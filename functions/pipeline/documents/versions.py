"""Versions of documents, their update times, as text that goes from one process to another."""

from __future__ import annotations

from typing import Any

from google.api_core.datetime_helpers import DatetimeWithNanoseconds

from ..domain.errors import BadRequest


def read(text: str) -> Any:
    """The version as a write's option takes it, to the nanosecond. Raises BadRequest for what no document has."""
    try:
        return DatetimeWithNanoseconds.from_rfc3339(text).timestamp_pb()
    except ValueError:
        raise BadRequest(f"invalid version {text[:40]!r}: expected the one of the answer before") from None
