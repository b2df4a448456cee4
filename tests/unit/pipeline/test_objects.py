"""Metadata of segments and frames."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from google.api_core import exceptions as google
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cloud import objects, transfers
from pipeline.domain import names
from pipeline.domain.errors import Poison
from pipeline.domain.model import Segment, SegmentRef

NAME = "segments/s/x/00000007.ts"
METADATA = {
    "media-time": "14.000000",
    "duration": "2.000000",
    "program-date-time": "2026-05-04T12:00:14+00:00",
    "discontinuity": "false",
}


@given(
    media_time=st.integers(0, 10**12).map(lambda us: us / 1e6),
    duration=st.integers(1, 10**8).map(lambda us: us / 1e6),
    when=st.datetimes(timezones=st.just(UTC)),
    discontinuity=st.booleans(),
)
def test_a_segments_metadata_leads_back_to_the_segment(
    media_time: float, duration: float, when: datetime, discontinuity: bool
) -> None:
    segment = Segment(SegmentRef("s", "x", 3), media_time, duration, when, discontinuity)
    assert objects.segment(names.segment_object(segment.ref), objects.segment_metadata(segment)) == segment


def test_a_program_date_time_may_be_in_any_zone() -> None:
    segment = objects.segment(NAME, {**METADATA, "program-date-time": "2026-05-04T14:00:14.5+02:00"})
    assert segment.program_date_time == datetime(2026, 5, 4, 14, 0, 14, 500000, timezone(timedelta(hours=2)))


@pytest.mark.parametrize("missing", ["media-time", "duration", "program-date-time"])
def test_a_segment_without_its_metadata_is_poison_and_says_what_lacks(missing: str) -> None:
    with pytest.raises(Poison, match=missing):
        objects.segment(NAME, {name: value for name, value in METADATA.items() if name != missing})


@pytest.mark.parametrize(
    "wrong",
    [
        {"media-time": "soon"},
        {"media-time": "nan"},
        {"media-time": "-1"},
        {"media-time": "1e9"},
        {"duration": "inf"},
        {"duration": ""},
        {"program-date-time": "2026"},
        {"program-date-time": "2026-05-04T12:00:00"},
    ],
)
def test_a_segment_with_malformed_metadata_is_poison(wrong: dict[str, str]) -> None:
    with pytest.raises(Poison, match="00000007"):
        objects.segment(NAME, {**METADATA, **wrong})


def test_an_object_that_is_no_segment_is_poison() -> None:
    with pytest.raises(Poison, match="expected segments/"):
        objects.segment("segments/readme.txt", METADATA)


def test_a_frames_size_is_read() -> None:
    assert objects.frame_size("f", {"width": "1280", "height": "720"}) == (1280, 720)


@pytest.mark.parametrize(
    "metadata", [{}, {"width": "1280"}, {"width": "a", "height": "1"}, {"width": "0", "height": "9"}]
)
def test_a_frame_without_a_size_is_poison(metadata: dict[str, str]) -> None:
    with pytest.raises(Poison):
        objects.frame_size("f", metadata)


@pytest.mark.parametrize(
    ("answer", "exists", "raises"),
    [
        (None, True, False),
        (google.PreconditionFailed("exists"), True, False),
        (google.Forbidden("no storage.objects.delete"), True, False),
        (google.Forbidden("no storage.objects.create"), False, True),
        (google.ServiceUnavailable("away"), False, True),
    ],
)
def test_an_object_that_an_earlier_delivery_wrote_is_no_error(
    monkeypatch: pytest.MonkeyPatch, answer: Exception | None, exists: bool, raises: bool
) -> None:
    def insert(*_: object, generation: int, **__: object) -> None:
        assert generation == 0
        if answer:
            raise answer

    bucket = SimpleNamespace(name="media", blob=lambda name: SimpleNamespace(exists=lambda timeout: exists))
    monkeypatch.setattr(transfers, "insert", insert)
    monkeypatch.setattr(objects, "media_bucket", lambda: bucket)
    with pytest.raises(type(answer)) if raises and answer else nullcontext():
        objects.write_new("frames/s/x/0000000000.jpg", b"", "image/jpeg", {})
