"""Results in the shape of Video Intelligence, as its own client reads them."""

from __future__ import annotations

import json
from typing import Any

from google.cloud.videointelligence_v1 import AnnotateVideoResponse, Likelihood
from google.cloud.videointelligence_v1 import Feature as Theirs
from google.protobuf import json_format

from pipeline.domain.model import Kind
from pipeline.reports.appearances import Appearance, Track
from pipeline.reports.exchange.video_intelligence import Feature, Look, Session, Speech, response
from pipeline.reports.model import SURE, UNIT, Rect
from pipeline.reports.spoken import Said

PLACE = Rect(UNIT // 10, UNIT // 5, UNIT // 2, UNIT // 4)


def s(duration: Any) -> float:
    return duration.total_seconds()


def stay(label: str, start: int, end: int, sure: float = 0.9) -> Appearance:
    track = Track(points=[(start, PLACE), (end - 100, PLACE)])
    return Appearance(f"{start:010d}-000", label, start, end, end - start, 2, 0, 0, round(sure * SURE), track)


SESSION = Session(
    uri="/media/playlists/x/y/vod.m3u8",
    start=0,
    end=10_000,
    looks=[Look(0, "first", {"adult": 0.75}), Look(1000, "change", {}), Look(4000, "cut", None), Look(5000, "cut", {})],
    appearances={
        Kind.LOGO: [stay("Nike", 1000, 3000), stay("Visa", 2000, 4000), stay("Nike", 6000, 9000, 0.5)],
        Kind.OBJECT: [stay("Person", 500, 4500)],
        Kind.TEXT: [stay("2:1", 0, 2000)],
        Kind.FACE: [stay("Face", 0, 1000)],
        Kind.LABEL: [Appearance("0000000000-000", "Stadium", 0, 8000, sure=SURE)],
    },
    speech=[
        Speech("en-us", [Said("good", 0.5, 0.9, 0.5, "1"), Said("evening", 1.0, 1.25, 1.0, "2")]),
        Speech(None, []),
    ],
)


def read(session: Session = SESSION, features: list[Feature] | None = None) -> AnnotateVideoResponse:
    said = json.dumps(response(session, features or [*Feature]))
    found = AnnotateVideoResponse()
    json_format.Parse(said, AnnotateVideoResponse.pb(found), ignore_unknown_fields=False)
    return found


def test_every_feature_is_one_of_theirs() -> None:
    assert {feature.value for feature in Feature} <= {feature.name for feature in Theirs}


def test_their_client_reads_the_tracks_of_logos_and_objects() -> None:
    [result] = read().annotation_results
    assert result.input_uri == "/media/playlists/x/y/vod.m3u8"
    assert s(result.segment.end_time_offset) == 10
    nike, visa = result.logo_recognition_annotations
    assert (nike.entity.description, visa.entity.description) == ("Nike", "Visa")
    assert [s(one.start_time_offset) for one in nike.segments] == [1, 6]
    first, second = nike.tracks
    assert (s(first.segment.end_time_offset), round(second.confidence, 2)) == (3, 0.5)
    box = first.timestamped_objects[0].normalized_bounding_box
    assert [round(side, 3) for side in (box.left, box.top, box.right, box.bottom)] == [0.1, 0.2, 0.6, 0.45]
    assert [s(one.time_offset) for one in first.timestamped_objects] == [1, 2.9]
    [person] = result.object_annotations
    assert (person.entity.description, len(person.frames)) == ("Person", 2)
    [face] = result.face_detection_annotations
    assert s(face.tracks[0].segment.end_time_offset) == 1


def test_their_client_reads_shots_text_labels_and_explicit_content() -> None:
    [result] = read().annotation_results
    shots = [(s(one.start_time_offset), s(one.end_time_offset)) for one in result.shot_annotations]
    assert shots == [(0, 4), (4, 5), (5, 10)]
    [text] = result.text_annotations
    assert text.text == "2:1"
    corners = text.segments[0].frames[0].rotated_bounding_box.vertices
    assert [(round(one.x, 2), round(one.y, 2)) for one in corners] == [(0.1, 0.2), (0.6, 0.2), (0.6, 0.45), (0.1, 0.45)]
    [whole], [part] = result.segment_label_annotations, result.shot_label_annotations
    assert s(whole.segments[0].segment.end_time_offset) == 10
    assert s(part.segments[0].segment.end_time_offset) == 8
    unsafe = [(s(one.time_offset), one.pornography_likelihood) for one in result.explicit_annotation.frames]
    assert unsafe == [
        (0, Likelihood.LIKELY),
        (1, Likelihood.LIKELIHOOD_UNSPECIFIED),
        (5, Likelihood.LIKELIHOOD_UNSPECIFIED),
    ]


def test_their_client_reads_what_was_said_and_by_which_speaker() -> None:
    [result] = read().annotation_results
    [said] = result.speech_transcriptions
    [heard] = said.alternatives
    assert (said.language_code, heard.transcript, heard.confidence) == ("en-us", "good evening", 0.75)
    assert [(word.word, word.speaker_tag, s(word.end_time)) for word in heard.words] == [
        ("good", 1, 0.9),
        ("evening", 2, 1.25),
    ]


def test_only_what_was_asked_for_is_told() -> None:
    found = response(SESSION, [Feature.SHOTS])["annotationResults"][0]
    assert set(found) == {"inputUri", "segment", "shotAnnotations"}
    empty = response(Session("/media/", 0, 0), [*Feature])["annotationResults"][0]
    assert empty["logoRecognitionAnnotations"] == []
