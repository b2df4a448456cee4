"""Names of objects and paths of documents, there and back."""

from __future__ import annotations

import inspect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.domain import names
from pipeline.domain.errors import BadRequest
from pipeline.domain.model import FrameRef, SegmentRef

STREAMS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True)
SESSIONS = st.from_regex(r"[A-Za-z0-9-]{1,64}", fullmatch=True)


@given(stream=STREAMS, session=SESSIONS, sequence=st.integers(0, 99_999_999))
def test_a_segments_name_leads_back_to_the_segment(stream: str, session: str, sequence: int) -> None:
    ref = SegmentRef(stream, session, sequence)
    assert names.parse_segment(names.segment_object(ref)) == ref


@given(stream=STREAMS, session=SESSIONS, media_ms=st.integers(0, 9_999_999_999))
def test_a_frames_name_leads_back_to_the_frame(stream: str, session: str, media_ms: int) -> None:
    ref = FrameRef(stream, session, media_ms)
    assert names.parse_frame(names.frame_object(ref)) == ref


@given(sequences=st.lists(st.integers(0, 99_999_999), min_size=2))
def test_segments_sort_by_name_as_they_follow_each_other(sequences: list[int]) -> None:
    stored = sorted(names.segment_object(SegmentRef("s", "x", sequence)) for sequence in sequences)
    assert [names.parse_segment(name).sequence for name in stored] == sorted(sequences)


@given(name=st.text(max_size=60))
def test_no_other_text_is_taken_for_a_name(name: str) -> None:
    for parse in (names.parse_segment, names.parse_frame):
        try:
            parsed = parse(name)
        except BadRequest as error:
            assert "expected" in str(error)
        else:
            assert name in (names.segment_object(parsed), names.frame_object(parsed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "segments/s/x/1.ts",
        "segments/../x/00000001.ts",
        "segments/s/x/00000001.ts\n",
        "segments/s/x/y/00000001.ts",
        "frames/s/x/00000001.ts",
        "segments/S/x/00000001.ts",
    ],
)
def test_a_name_that_is_nearly_right_is_refused(name: str) -> None:
    with pytest.raises(BadRequest):
        names.parse_segment(name)


@pytest.mark.parametrize("stream", ["", "-a", "a-", "A", "a" * 64, "a/b", "a.b", "ä", "a\n"])
def test_what_is_no_stream_id_is_refused_with_what_would_be(stream: str) -> None:
    with pytest.raises(BadRequest, match="a-z"):
        names.check_stream(stream)


def test_each_document_that_a_stream_has_elsewhere_goes_with_it() -> None:
    paths = {name: one for name, one in inspect.getmembers(names, inspect.isfunction) if name.endswith("_path")}
    of_a_stream = {one for one in paths.values() if list(inspect.signature(one).parameters) == ["stream"]}
    assert of_a_stream == {names.stream_path, *names.OF_A_STREAM}
