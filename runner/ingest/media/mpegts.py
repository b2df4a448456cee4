"""Writes units as MPEG-TS. Each piece is a whole transport stream, at which a player can start."""

from __future__ import annotations

import io
from collections.abc import Sequence
from contextlib import suppress

import av
from av.error import FFmpegError, InvalidDataError
from av.stream import Stream

from pipeline.domain.errors import UnsupportedMedia

from .units import CLOCK, TIME_BASE, Unit

ORIGIN = 10 * CLOCK
"""The pts of media time 0. Above zero, since reordered frames are decoded before they are shown."""

# Continuity counters start over in each piece; this flag tells demuxers that nothing was lost.
_OPTIONS = {"mpegts_flags": "+initial_discontinuity"}


def write(units: Sequence[Unit], zero: int, video: Stream, audio: Stream | None) -> bytes:
    """Writes the units as a transport stream, on a clock where the tick `zero` is ORIGIN.

    `video` and `audio` are templates for the codecs' parameters. H.264 in MP4's framing becomes Annex B with its
    parameter sets before each IDR, and raw AAC gets ADTS headers: FFmpeg's muxer does both. Raises UnsupportedMedia
    if it cannot write the codecs' parameters.
    """
    out = io.BytesIO()
    container = av.open(out, "w", format="mpegts", options=_OPTIONS)
    picture = container.add_stream_from_template(video)
    sound = container.add_stream_from_template(audio) if audio else None
    try:
        container.start_encoding()
    except FFmpegError:  # continuing would crash the process
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
        try:
            container.mux_one(packet)
        except InvalidDataError:  # damaged on its way: keep the pictures around it
            continue
    with suppress(InvalidDataError):
        container.close()
    return out.getvalue()
