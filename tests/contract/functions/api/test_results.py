"""Results over HTTP: what `sample`, `detect`, `track` and `transcribe` write, read back page by page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from google.cloud.videointelligence_v1 import AnnotateVideoResponse
from google.protobuf import json_format
from tests.contract.functions.world import SESSION, STARTED, World, start_session
from werkzeug.test import TestResponse

from pipeline.documents import frames, tracks
from pipeline.documents.spoken import transcripts
from pipeline.domain.errors import Code, Failure
from pipeline.domain.model import (
    Analysis,
    Box,
    Detection,
    FrameRef,
    Kind,
    Reason,
    SampledFrame,
    Segment,
    SegmentRef,
    Track,
    TrackPoint,
    Transcript,
    Visual,
    Word,
)
from pipeline.domain.people import Visibility

KEY = {"Authorization": "Bearer admin-key-for-tests"}
STREAM = "results-over-http"
VELOX = Detection("Velox", 0.9, Kind.LOGO, Box(0.1, 0.1, 0.2, 0.1))
NORDAL = Detection("Nordal", 0.8, Kind.LOGO, Box(0.5, 0.5, 0.4, 0.5))
CORNERS = (0.1, 0.2, 0.3, 0.2, 0.3, 0.4, 0.1, 0.4)
SCORE = Detection("2:1", 0.7, Kind.TEXT, None)


def put_frame(second: float, analyses: list[Analysis]) -> FrameRef:
    ref = FrameRef(STREAM, SESSION, round(second * 1000))
    when = STARTED + timedelta(seconds=second)
    visual = Visual(0.5, 0.5, 0.5)
    segment = int(second // 2)
    frames.write_frame(
        SampledFrame(ref, second, segment, STARTED, when, Reason.CHANGE, 1280, 720, visual, 0.0, "frames/x")
    )
    frames.write_analyses(ref, [Kind.LOGO, Kind.TEXT], analyses)
    return ref


def put_words(sequence: int, *words: Word, error: Failure | None = None, begins: float | None = None) -> None:
    start = 2.0 * sequence
    segment = Segment(SegmentRef(STREAM, SESSION, sequence), start, 2.0, STARTED + timedelta(seconds=start))
    transcripts.write(Transcript(segment, start if begins is None else begins, words, "en-us", "short", 2.0, 9, error))


@pytest.fixture(scope="module", autouse=True)
def stored(world: World) -> None:
    """Six seconds, four frames: two marks and a text, a track between the first two, an error, words."""
    world.stream(STREAM)
    start_session(STREAM, SESSION, STARTED, segments=3, media_seconds=6.0, ended=STARTED + timedelta(seconds=6))
    first = put_frame(
        0, [Analysis(Kind.LOGO, "vision", "m", 40, (VELOX,)), Analysis(Kind.TEXT, "vision", "m", 40, (SCORE,))]
    )
    second = put_frame(1.2, [Analysis(Kind.LOGO, "vision", "m", 40, (VELOX, NORDAL))])
    put_frame(2.5, [Analysis(Kind.LOGO, "vision", "m", 40, (), Failure(Code.QUOTA_EXCEEDED, "used up"))])
    put_frame(5, [Analysis(Kind.LOGO, "gallery", "g", 9, (replace(NORDAL, corners=CORNERS),))])
    here, there = (replace(tracks.around(ref).here, analysed=STARTED) for ref in (first, second))
    points = (TrackPoint(0, VELOX.box or Box(0, 0, 1, 1)), TrackPoint(1200, Box(0.2, 0.1, 0.2, 0.1)))
    tracks.write(here, there, [here, there], [Kind.LOGO], [Track(Kind.LOGO, "Velox", points)])
    put_words(0, Word("good", 0.5, 0.9, 0.5), Word("eve", 1.8, 2.0))
    put_words(1, Word("evening", 1.8, 2.3), Word("<all>", 2.4, 2.9), begins=1.7)
    put_words(2, error=Failure(Code.QUOTA_EXCEEDED, "used up"))


def get(world: World, tail: str, **headers: str) -> TestResponse:
    return world.api().get(f"/streams/{STREAM}/sessions/{SESSION}/{tail}", headers=KEY | headers)


def pages(world: World, tail: str, name: str) -> list[dict[str, Any]]:
    """All pages of one item each."""
    found, after = list[dict[str, Any]](), ""
    joint = "&" if "?" in tail else "?"
    while True:
        page = get(world, f"{tail}{joint}limit=1{after}").get_json()
        found += page[name]
        if page["next"] is None:
            return found
        after = f"&after={page['next']}"


def test_frames_have_what_was_found_on_them(world: World) -> None:
    answer = get(world, "frames").get_json()
    assert [one["time"] for one in answer["frames"]] == [0.0, 1.2, 2.5, 5.0]
    first, _, third, _ = answer["frames"]
    assert (first["id"], first["segment"], first["width"], first["reason"]) == ("0000000000", 0, 1280, "change")
    assert first["program_date_time"] == STARTED.isoformat()
    velox = {"label": "Velox", "confidence": 0.9, "box": {"x": 0.1, "y": 0.1, "width": 0.2, "height": 0.1}}
    assert first["analyses"]["logo"]["detections"] == [velox | {"corners": None}]
    assert third["analyses"]["logo"]["error"] == {"code": "quota-exceeded", "message": "used up"}


def test_detections_are_chosen_by_kind_label_and_time(world: World) -> None:
    def labels(query: str) -> list[tuple[str, float]]:
        found = get(world, f"detections?{query}").get_json()["detections"]
        return [(one["label"], one["time"]) for one in found]

    assert labels("") == [("Velox", 0), ("2:1", 0), ("Velox", 1.2), ("Nordal", 1.2), ("Nordal", 5)]
    assert labels("kind=text") == [("2:1", 0)]
    assert labels("label=Nordal") == [("Nordal", 1.2), ("Nordal", 5)]
    assert labels("from=1.2&to=5") == [("Velox", 1.2), ("Nordal", 1.2)]


def test_corners_are_told_where_they_are_known(world: World) -> None:
    [frame] = get(world, "frames?from=5").get_json()["frames"]
    assert frame["analyses"]["logo"]["detections"][0]["corners"] == list(CORNERS)
    assert get(world, "detections?from=5").get_json()["detections"][0]["corners"] == list(CORNERS)
    assert get(world, "detections?to=1").get_json()["detections"][0]["corners"] is None


def test_those_who_come_from_video_intelligence_find_the_shape_they_know(world: World) -> None:
    answer = get(world, "annotations").get_json()
    found = AnnotateVideoResponse()
    json_format.ParseDict(answer, AnnotateVideoResponse.pb(found))
    [result] = found.annotation_results
    whole: Any = result.segment
    assert whole.end_time_offset.total_seconds() == 6
    labels = {one.entity.description: len(one.tracks) for one in result.logo_recognition_annotations}
    assert labels == {"Velox": 1, "Nordal": 2}
    assert [one.text for one in result.text_annotations] == ["2:1"]
    assert [len(one.alternatives[0].words) for one in result.speech_transcriptions] == [1, 2]

    part = get(world, "annotations?features=LOGO_RECOGNITION&from=4").get_json()["annotationResults"][0]
    assert set(part) == {"inputUri", "segment", "logoRecognitionAnnotations"}
    assert [one["entity"]["description"] for one in part["logoRecognitionAnnotations"]] == ["Nordal"]


@pytest.mark.parametrize("query", ["features=PERSON_DETECTION", "features=", "from=5&to=4"])
def test_what_cannot_be_annotated_is_refused_with_what_can(world: World, query: str) -> None:
    refused = get(world, f"annotations?{query}")
    assert refused.status_code == 400
    assert "expected" in refused.get_json()["detail"]


def test_tracks_lead_from_a_frame_to_the_next(world: World) -> None:
    [one] = get(world, "tracks?kind=logo&label=Velox").get_json()["tracks"]
    assert (one["from"], one["to"]) == (0.0, 1.2)
    assert [point["box"]["x"] for point in one["track"]] == [0.1, 0.2]
    assert get(world, "tracks?label=Nordal").get_json() == {"tracks": [], "next": None}


@pytest.mark.parametrize(
    ("tail", "name"), [("frames", "frames"), ("detections", "detections"), ("transcript", "segments")]
)
@pytest.mark.parametrize("part", ["", "from=1&to=5"])
def test_pages_fit_together(world: World, tail: str, name: str, part: str) -> None:
    if tail == "transcript":
        part = ""
    whole = get(world, f"{tail}?{part}").get_json()
    assert whole["next"] is None
    assert pages(world, f"{tail}?{part}", name) == whole[name]


def test_frames_that_few_were_found_on_are_looked_through_in_parts(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from front.api.handlers import results

    monkeypatch.setattr(results, "_SCANNED", 2)
    first = get(world, "detections?label=Nordal&from=1.3").get_json()
    assert first["detections"] == [] or first["next"] is None
    assert [one["time"] for one in pages(world, "detections?label=Nordal", "detections")] == [1.2, 5]


def test_each_word_is_told_once(world: World) -> None:
    first, second, third = get(world, "transcript").get_json()["segments"]
    assert [word["text"] for word in first["words"]] == ["good"]
    assert [word["text"] for word in second["words"]] == ["evening", "<all>"]
    assert (first["language"], first["final"], third["words"]) == ("en-us", False, [])


def test_words_are_captions_for_players(world: World) -> None:
    vtt = get(world, "transcript.vtt")
    assert vtt.content_type == "text/vtt; charset=utf-8"
    assert (
        vtt.text
        == "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\ngood\n\n00:00:01.800 --> 00:00:03.500\nevening &lt;all&gt;\n"
    )
    srt = get(world, "transcript.srt")
    assert srt.text == "1\n00:00:00,500 --> 00:00:01,500\ngood\n\n2\n00:00:01,800 --> 00:00:03,500\nevening <all>\n"
    assert get(world, "transcript.vtt?from=1").text == "WEBVTT\n\n00:00:01.800 --> 00:00:03.500\nevening &lt;all&gt;\n"


@pytest.mark.parametrize("tail", ["frames", "detections", "tracks", "transcript", "transcript.vtt", "transcript.srt"])
def test_who_has_an_answer_already_is_told_so(world: World, tail: str) -> None:
    answer = get(world, tail)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    again = get(world, tail, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert get(world, f"{tail}?from=9", **{"If-None-Match": answer.headers["ETag"]}).status_code in (200, 304)


@pytest.mark.parametrize(
    ("tail", "named"),
    [
        ("frames?after=x", "'after'"),
        ("frames?from=3&to=2", "'to'"),
        ("detections?kind=brand", "'kind'"),
        ("detections?limit=0", "'limit'"),
        ("tracks?from=-1", "'from'"),
        ("transcript?after=1", "'after'"),
        ("transcript.vtt?from=3&to=3", "'to'"),
    ],
)
def test_a_wrong_parameter_is_named(world: World, tail: str, named: str) -> None:
    refused = get(world, tail)
    assert refused.status_code == 400
    assert named in refused.get_json()["detail"]


@pytest.mark.parametrize("tail", ["frames", "detections", "tracks", "transcript", "transcript.vtt", "transcript.srt"])
def test_strangers_read_the_results_of_public_streams_alone(world: World, tail: str) -> None:
    path = f"/streams/{STREAM}/sessions/{SESSION}/{tail}"
    assert world.api().get(path).status_code == 200
    world.db.document(f"streams/{STREAM}").update({"visibility": Visibility.PRIVATE.value})
    try:
        assert world.api().get(path).status_code in (401, 403, 404)
    finally:
        world.db.document(f"streams/{STREAM}").update({"visibility": Visibility.PUBLIC.value})


def test_a_session_that_does_not_exist_is_not_found(world: World) -> None:
    assert world.api().get(f"/streams/{STREAM}/sessions/none/frames", headers=KEY).status_code == 404
