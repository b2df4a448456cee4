"""Measures a sender's segment, and remuxes it into one of ours."""

from __future__ import annotations

import hashlib
import io
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from av.audio.stream import AudioStream

from pipeline.domain.errors import UnsupportedMedia
from pipeline.media.limits import check_rate

from ..media import mpegts
from ..media.cut import CutRule
from ..media.probe import open_media
from ..media.source import Media
from ..media.timeline import Timeline
from ..media.units import CLOCK, Unit, seconds
from ..session import metadata as facts

_RULE = CutRule.of(2.0, 12)  # cuts nothing: the input is one segment already
_APART = 5 * CLOCK  # ticks by which sound may reach beyond the pictures on either side


@dataclass(frozen=True, slots=True)
class Content:
    """The content of a segment: `duration` of its pictures and of one `frame`, in seconds.

    `signature` changes when a decoder must be set up again; `facts` are fields of the session's document.
    """

    duration: float
    frame: float
    signature: str
    facts: dict[str, Any]


def measure(data: bytes) -> Content:
    """Measures a segment. Raises UnsupportedMedia unless it is H.264 (and AAC) that starts with a keyframe."""
    with _opened(data) as media:
        units = _units(media)
        kept = _of_one_form(units)
        if len(kept) < len(units):  # the form that it was opened with may be the other one
            return measure(_written(media, kept, 0.0))
        pictures = [unit for unit in units if unit.video]
        shown = max(unit.pts + unit.duration for unit in pictures) - pictures[0].pts
        check_rate(media.video.width, media.video.height, len(pictures), seconds(shown))
        return Content(seconds(shown), seconds(shown) / len(pictures), _signature(media), facts.of(media))


def convert(data: bytes, media_time: float) -> bytes:
    """The segment as MPEG-TS on the session's clock, its keyframe at `media_time` seconds. Raises UnsupportedMedia."""
    with _opened(data) as media:
        return _written(media, _of_one_form(_units(media)), media_time)


def _written(media: Media, units: list[Unit], media_time: float) -> bytes:
    first = next(unit for unit in units if unit.video)
    sound = media.sound.template if media.sound else None
    return mpegts.write(units, first.pts - round(media_time * CLOCK), media.picture.template, sound)


def _of_one_form(units: list[Unit]) -> list[Unit]:
    """The units, with sound only of the form that most of it has: no player takes two in one segment."""
    forms = Counter(unit.form for unit in units if not unit.video)
    if len(forms) < 2:
        return units
    most = max(forms, key=lambda form: (forms[form], form))
    return [unit for unit in units if unit.video or unit.form == most]


@contextmanager
def _opened(data: bytes) -> Generator[Media]:
    media = open_media(io.BytesIO(data), _RULE, Timeline(time.monotonic, apart=True))
    with media.container:
        codecs = {"video": media.video.codec_context.name}
        if media.sound:
            codecs["sound"] = media.sound.template.codec_context.name
        if codecs != {"video": "h264"} and codecs != {"video": "h264", "sound": "aac"}:
            found = " and ".join(f"{name} {kind}" for kind, name in codecs.items())
            raise UnsupportedMedia(f"found {found}: segments are passed on as they are, send H.264 and AAC")
        yield media


def _units(media: Media) -> list[Unit]:
    units = list(media.units())
    first = next((unit for unit in units if unit.video), None)
    if first is None:
        raise UnsupportedMedia("the segment holds no picture")
    if not first.key:
        raise UnsupportedMedia(
            "the segment does not start with a keyframe (an IDR): cut at keyframes (ffmpeg: without split_by_time)"
        )
    _check_together(units)
    return units


def _check_together(units: list[Unit]) -> None:
    """Raises UnsupportedMedia where the sound is of another time than the pictures: no clock holds both."""
    pictures, sound = ([unit.pts for unit in units if unit.video is kind] for kind in (True, False))
    if not sound:
        return
    apart = max(min(pictures) - min(sound), max(sound) - max(pictures))
    if apart > _APART:
        raise UnsupportedMedia(
            f"the segment's sound and pictures lie {seconds(apart):.1f} s apart: expected the sound of its pictures"
        )


def _signature(media: Media) -> str:
    described = [facts.of(media)["codecs"], str(media.video.width), str(media.video.height)]
    if media.sound:
        sound = media.sound.template
        assert isinstance(sound, AudioStream)
        described += [str(sound.codec_context.sample_rate), sound.codec_context.layout.name]
    digest = hashlib.sha256(" ".join(described).encode())
    digest.update(media.video.codec_context.extradata or b"")
    return digest.hexdigest()[:16]
