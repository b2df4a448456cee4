"""Writes units as MPEG-TS that a player can start on anywhere: each piece is a whole transport stream."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress

import av
from av.error import InvalidDataError
from av.stream import Stream

from pipeline.domain.errors import UnsupportedMedia

from .units import CLOCK, TIME_BASE, Unit

ORIGIN = 10 * CLOCK
"""The pts of media time 0. Above zero, since reordered frames are decoded before they are shown."""

# Continuity counters begin anew in each piece; this flag says so to demuxers that would count losses.
_OPTIONS = {"mpegts_flags": "+initial_discontinuity"}


def write(units: Sequence[Unit], zero: int, video: Stream, audio: Stream | None) -> bytes:
    """The units as a transport stream, on a clock where the tick `zero` is ORIGIN.

    `video` and `audio` are templates for the codecs' parameters. H.264 in MP4's framing becomes Annex B with its
    parameter sets before each IDR, and raw AAC gets ADTS headers: FFmpeg's muxer does both. Raises UnsupportedMedia
    where the codecs' parameters are none that it can write.
    """
    out = io.BytesIO()
    container = av.open(out, "w", format="mpegts", options=_OPTIONS)
    picture = container.add_stream_from_template(video)
    sound = container.add_stream_from_template(audio) if audio else None
    try:
        container.start_encoding()
    except InvalidDataError:  # to go on would crash the process
        raise UnsupportedMedia(
            "the description of its picture or sound is damaged, or of a kind that MPEG-TS cannot hold: "
            "send H.264 and AAC-LC"
        ) from None
    for unit in units:
        packet = unit.packet
        packet.time_base = TIME_BASE
        packet.pts = unit.pts - zero + ORIGIN
        packet.dts = unit.dts - zero + ORIGIN
        packet.duration = unit.duration
        packet.stream = picture if unit.video or sound is None else sound
        with suppress(InvalidDataError):  # damaged on its way to us: the pictures around it are worth more
            container.mux_one(packet)
    with suppress(InvalidDataError):
        container.close()
    return out.getvalue()
