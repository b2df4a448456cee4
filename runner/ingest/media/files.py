"""Opens a file. It can be sought in, so that its index may come last and its length is known beforehand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from pipeline.media.containers import FILES

from . import sniff
from .cut import CutRule
from .probe import audio_of, open_container, video_of
from .replay_buffer import Seekable
from .source import Media
from .timeline import GAPS_OF_FILES, Timeline
from .tracks import video_track
from .transcode.video import VideoTranscoder
from .truncation import ExpectedLength
from .units import CLOCK, Picture

ACCEPTED = "a video file: MP4, MOV, Matroska, WebM, MPEG-TS, MPEG-PS, FLV, AVI, Ogg, WMV or MXF"
_DEMUXERS = "mov,matroska,mpegts,mpeg,flv,avi,ogg,asf,mxf"  # none of them opens other files or addresses
# Some containers (AVI) carry times of decoding only.
_OPTIONS = {"probesize": "8000000", "analyzeduration": "5000000", "fflags": "+genpts"}


def open_file(source: Seekable, rule: CutRule) -> Media:
    """Opens a whole file. Transcodes pictures that cannot be cut or that are rotated. Raises UnsupportedMedia."""
    sniff.check_file(source.read(1024), ACCEPTED)
    rotation = _rotation(source)
    container = _open(source)
    video, audio = video_of(container, FILES), audio_of(container, FILES)
    return Media(
        container,
        video,
        audio,
        rule,
        picture=_picture(video, rule, rotation),
        expected=_expected(container, video),
        timeline=Timeline(ahead=GAPS_OF_FILES),
    )


def _open(source: Seekable) -> InputContainer:
    source.seek(0)
    return open_container(source, _DEMUXERS, _OPTIONS, ACCEPTED, FILES)


def _picture(video: VideoStream, rule: CutRule, rotation: int) -> Picture:
    if rotation or any(gap > rule.longest for gap in _gaps(video)):
        return VideoTranscoder(video, rule.target, rotation)
    return video_track(video, rule)


def _gaps(video: VideoStream) -> Iterator[float]:
    """Ticks between two keyframes, if the file has an index of them. Its encoder can no longer be asked for more."""
    unit = float(video.time_base or 0) * CLOCK
    entries = video.index_entries
    cuts = (entry.timestamp for at, entry in enumerate(entries, 1) if entry.is_keyframe or at == len(entries))
    return ((later - earlier) * unit for earlier, later in pairwise(cuts))


def _rotation(source: Seekable) -> int:
    """The counterclockwise rotation, in degrees, that turns the pictures upright. Telephones store them unrotated."""
    with _open(source) as container:
        if container.format.name != "mov,mp4,m4a,3gp,3g2,mj2" or not container.streams.video:
            return 0
        try:
            frame = next(container.decode(video_of(container, FILES)), None)
        except FFmpegError:
            return 0  # damaged pictures: reading the file reports them better
    return round(frame.rotation / 90) * 90 % 360 if frame else 0


def _expected(container: InputContainer, video: VideoStream) -> ExpectedLength | None:
    """The length that the file declares. MPEG-TS and MPEG-PS declare none."""
    if container.format.name in ("mpegts", "mpeg"):
        return None
    if video.duration and video.time_base:
        return ExpectedLength(float(video.duration * video.time_base), video.index)
    return ExpectedLength(container.duration / av.time_base, None) if container.duration else None
