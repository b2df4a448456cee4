"""Results in the shape of Video Intelligence's AnnotateVideoResponse, version 1, as its REST API writes it. Pure.

https://cloud.google.com/video-intelligence/docs/reference/rest/v1/AnnotateVideoResponse
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Any

from ...domain.model import Kind
from ..appearances import Appearance
from ..model import SURE, UNIT, Rect
from ..spoken import Said

JSON = dict[str, Any]

_LANGUAGE = "en-US"  # of the names that providers give
_ADULT = "adult"
_SHOTS = ("first", "cut")  # reasons of the frames with which a shot begins


class Feature(StrEnum):
    """What is asked for, by the names of Video Intelligence."""

    LABELS = "LABEL_DETECTION"
    SHOTS = "SHOT_CHANGE_DETECTION"
    EXPLICIT = "EXPLICIT_CONTENT_DETECTION"
    FACES = "FACE_DETECTION"
    SPEECH = "SPEECH_TRANSCRIPTION"
    TEXT = "TEXT_DETECTION"
    OBJECTS = "OBJECT_TRACKING"
    LOGOS = "LOGO_RECOGNITION"


KINDS: Mapping[Feature, Kind] = {
    Feature.LABELS: Kind.LABEL,
    Feature.FACES: Kind.FACE,
    Feature.TEXT: Kind.TEXT,
    Feature.OBJECTS: Kind.OBJECT,
    Feature.LOGOS: Kind.LOGO,
}
"""The kind of detection whose appearances a feature is made of."""


@dataclass(frozen=True, slots=True)
class Look:
    """A frame that was looked at, at a media time (ms). `unsafe`: likelihoods (0..1) by name; None: not looked for."""

    at: int
    reason: str
    unsafe: Mapping[str, float] | None


@dataclass(frozen=True, slots=True)
class Speech:
    """What was said without a change of language, and by how many."""

    language: str | None
    words: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Session:
    """What is known of a session between two media times (ms). `appearances` are of the kinds that were asked for."""

    uri: str
    start: int
    end: int
    looks: Sequence[Look] = ()
    appearances: Mapping[Kind, Sequence[Appearance]] = field(default_factory=dict[Kind, Sequence[Appearance]])
    speech: Sequence[Speech] = ()


def response(session: Session, features: Iterable[Feature]) -> JSON:
    """The AnnotateVideoResponse with these features of a session."""
    results: JSON = {"inputUri": session.uri, "segment": _segment(session.start, session.end)}
    for feature in dict.fromkeys(features):
        results |= _MADE[feature](session)
    return {"annotationResults": [results]}


def _labels(session: Session) -> JSON:
    """Of the whole, and of each stay: a stay takes the place of a shot, which a label may outlast."""
    found = _by_label(session.appearances.get(Kind.LABEL, ()))
    whole = _segment(session.start, session.end)
    return {
        "segmentLabelAnnotations": [
            {
                "entity": _entity(label),
                "segments": [{"segment": whole, "confidence": _share(max(one.sure for one in stays))}],
            }
            for label, stays in found.items()
        ],
        "shotLabelAnnotations": [
            {
                "entity": _entity(label),
                "segments": [
                    {"segment": _segment(one.start, one.end), "confidence": _share(one.sure)} for one in stays
                ],
            }
            for label, stays in found.items()
        ],
    }


def _shots(session: Session) -> JSON:
    begins = [look.at for look in session.looks if look.reason in _SHOTS and look.at > session.start]
    edges = [session.start, *begins, session.end]
    return {"shotAnnotations": [_segment(start, end) for start, end in pairwise(edges)]}


def _explicit(session: Session) -> JSON:
    looked = [(look.at, look.unsafe) for look in session.looks if look.unsafe is not None]
    return {
        "explicitAnnotation": {
            "frames": [
                {"timeOffset": _offset(at), "pornographyLikelihood": _likelihood(unsafe.get(_ADULT))}
                for at, unsafe in looked
            ]
        }
    }


def _faces(session: Session) -> JSON:
    stays = session.appearances.get(Kind.FACE, ())
    return {"faceDetectionAnnotations": [{"tracks": [_track(one)]} for one in stays]}


def _speech(session: Session) -> JSON:
    return {
        "speechTranscriptions": [
            {
                "languageCode": said.language or "",
                "alternatives": [
                    {
                        "transcript": " ".join(word.text for word in said.words),
                        "words": [_word(word) for word in said.words],
                        **_confidence(said.words),
                    }
                ],
            }
            for said in session.speech
            if said.words
        ]
    }


def _text(session: Session) -> JSON:
    found = _by_label(session.appearances.get(Kind.TEXT, ()))
    return {
        "textAnnotations": [
            {
                "text": text,
                "segments": [
                    {
                        "segment": _segment(one.start, one.end),
                        "confidence": _share(one.sure),
                        "frames": [
                            {"timeOffset": _offset(at), "rotatedBoundingBox": {"vertices": _vertices(rect)}}
                            for at, rect in one.track.points
                        ],
                    }
                    for one in stays
                ],
            }
            for text, stays in found.items()
        ]
    }


def _objects(session: Session) -> JSON:
    return {
        "objectAnnotations": [
            {
                "entity": _entity(one.label),
                "segment": _segment(one.start, one.end),
                "confidence": _share(one.sure),
                "frames": _boxes(one),
            }
            for one in session.appearances.get(Kind.OBJECT, ())
        ]
    }


def _logos(session: Session) -> JSON:
    return {
        "logoRecognitionAnnotations": [
            {
                "entity": _entity(label),
                "tracks": [_track(one) for one in stays],
                "segments": [_segment(one.start, one.end) for one in stays],
            }
            for label, stays in _by_label(session.appearances.get(Kind.LOGO, ())).items()
        ]
    }


_MADE: Mapping[Feature, Callable[[Session], JSON]] = {
    Feature.LABELS: _labels,
    Feature.SHOTS: _shots,
    Feature.EXPLICIT: _explicit,
    Feature.FACES: _faces,
    Feature.SPEECH: _speech,
    Feature.TEXT: _text,
    Feature.OBJECTS: _objects,
    Feature.LOGOS: _logos,
}


def _by_label(stays: Iterable[Appearance]) -> dict[str, list[Appearance]]:
    found: dict[str, list[Appearance]] = {}
    for one in stays:
        found.setdefault(one.label, []).append(one)
    return found


def _track(stay: Appearance) -> JSON:
    return {
        "segment": _segment(stay.start, stay.end),
        "timestampedObjects": _boxes(stay),
        "confidence": _share(stay.sure),
    }


def _boxes(stay: Appearance) -> list[JSON]:
    return [{"timeOffset": _offset(at), "normalizedBoundingBox": _box(rect)} for at, rect in stay.track.points]


def _box(rect: Rect) -> JSON:
    left, top, right, bottom = _sides(rect)
    return {"left": left, "top": top, "right": right, "bottom": bottom}


def _vertices(rect: Rect) -> list[JSON]:
    left, top, right, bottom = _sides(rect)
    return [{"x": x, "y": y} for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]


def _sides(rect: Rect) -> Iterator[float]:
    return (side / UNIT for side in (rect.x, rect.y, rect.x + rect.width, rect.y + rect.height))


def _word(word: Said) -> JSON:
    told: JSON = {"startTime": _seconds(word.start), "endTime": _seconds(word.end), "word": word.text}
    if word.confidence is not None:
        told["confidence"] = word.confidence
    if word.speaker is not None and word.speaker.isdecimal():
        told["speakerTag"] = int(word.speaker)
    return told


def _confidence(words: Sequence[Said]) -> JSON:
    sure = [word.confidence for word in words if word.confidence is not None]
    return {"confidence": round(sum(sure) / len(sure), 4)} if sure else {}


def _likelihood(share: float | None) -> str:
    """Cloud Vision's five likelihoods are kept as 0, 1/4, … 1; one that it did not know is missing."""
    names = ("VERY_UNLIKELY", "UNLIKELY", "POSSIBLE", "LIKELY", "VERY_LIKELY")
    return "LIKELIHOOD_UNSPECIFIED" if share is None else names[round(share * 4)]


def _entity(label: str) -> JSON:
    return {"description": label, "languageCode": _LANGUAGE}


def _segment(start: int, end: int) -> JSON:
    return {"startTimeOffset": _offset(start), "endTimeOffset": _offset(end)}


def _offset(ms: int) -> str:
    return _seconds(ms / 1000)


def _seconds(seconds: float) -> str:
    """A duration of protobuf's JSON."""
    return f"{seconds:.3f}s"


def _share(sure: int) -> float:
    return sure / SURE
