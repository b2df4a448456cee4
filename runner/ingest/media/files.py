"""Opens a file. It can be sought in, so that its index may come last and its length is known beforehand."""

from __future__ import annotations

import av
from av.container import InputContainer
from av.error import FFmpegError
from av.video.stream import VideoStream

from pipeline.domain.errors import UnsupportedMedia
from pipeline.media.containers import FILES, check_decoder, decodable, first_video
from pipeline.media.limits import IN_FILE

from . import sniff
from .cut import CutRule
from .fallback import Fallback
from .probe import audio_of, is_whole, open_container, programme_of, video_of
from .replay_buffer import Seekable
from .source import Media
from .timeline import GAPS_OF_FILES, Timeline
from .tracks import CopyPictures, video_track
from .transcode.picture_filter import UPRIGHT, Turn, turn_of
from .transcode.video import VideoTranscoder
from .truncation import ExpectedLength
from .units import Picture

ACCEPTED = "a video file: MP4, MOV, Matroska, WebM, MPEG-TS, MPEG-PS, FLV, AVI, Ogg, WMV or MXF"
_DEMUXERS = "mov,matroska,mpegts,mpeg,flv,avi,ogg,asf,mxf"  # none of them opens other files or addresses
_UNDECLARED = ("mpegts", "mpeg", "flv")  # no header lists their streams: one that begins late is found by reading on
_HEAD_BYTES = 1 << 18  # that hold the tables of a transport stream
_PROBES = ((8_000_000, 5_000_000), (64_000_000, 120_000_000))  # bytes, microseconds


def open_file(source: Seekable, rule: CutRule) -> Media:
    """Opens a whole file. Transcodes pictures that cannot be cut or lie on their side. Raises UnsupportedMedia."""
    head = source.read(_HEAD_BYTES)
    sniff.check_file(head[:1024], ACCEPTED)
    if sniff.index_is_missing(source):
        raise UnsupportedMedia(
            "the MP4 is cut off: its index (moov), without which it cannot be read, is missing; record or copy it again"
        )
    try:
        return _opened(source, rule, head)
    except UnsupportedMedia:
        sniff.refuse_scrambled(head)
        raise


def _opened(source: Seekable, rule: CutRule, head: bytes) -> Media:
    turn = _turn(source)
    container = _open(source)
    video = video_of(container, FILES, IN_FILE)
    return Media(
        container,
        video,
        audio_of(container, FILES, programme_of(container, head)),
        rule,
        picture=_picture(video, rule, turn),
        expected=_expected(container, video),
        timeline=Timeline(ahead=GAPS_OF_FILES),
        whole=True,
    )


def _open(source: Seekable) -> InputContainer:
    """Opens it; for longer, if no sound or no picture has come by then where more streams may follow."""
    container = _probed(source, *_PROBES[0])
    if container.format.name in _UNDECLARED and not is_whole(container):
        container.close()
        container = _probed(source, *_PROBES[1])
    return container


def _probed(source: Seekable, size: int, duration: int) -> InputContainer:
    source.seek(0)
    # Some containers (AVI) carry times of decoding only.
    options = {"probesize": str(size), "analyzeduration": str(duration), "fflags": "+genpts"}
    return open_container(source, _DEMUXERS, options, ACCEPTED, FILES, IN_FILE)


def _picture(video: VideoStream, rule: CutRule, turn: Turn) -> Picture:
    track = video_track(video, rule, IN_FILE)
    if not isinstance(track, CopyPictures):
        return track
    return (
        Fallback(track, video, rule) if turn == UPRIGHT else VideoTranscoder(video, rule.target, turn, largest=IN_FILE)
    )


def _turn(source: Seekable) -> Turn:
    """How the first picture is to be turned."""
    with _probed(source, *_PROBES[0]) as container:
        video = first_video(container)
        if video is None or not decodable(video):
            return UPRIGHT
        check_decoder(video, FILES)
        try:
            frame = next(container.decode(video), None)
        except FFmpegError:
            return UPRIGHT  # damaged pictures: reading the file reports them better
    return turn_of(frame) if frame else UPRIGHT


def _expected(container: InputContainer, video: VideoStream) -> ExpectedLength | None:
    """The length that the file declares. MPEG-TS and MPEG-PS declare none."""
    if container.format.name in ("mpegts", "mpeg"):
        return None
    if video.duration and video.time_base and "matroska" not in container.format.name:
        return ExpectedLength(float(video.duration * video.time_base), video.index)
    # Of Matroska FFmpeg knows the longest track alone. It may count from 0 however late the first picture is, as what
    # recorders cut out.
    duration = (container.duration or 0) - max(container.start_time or 0, 0)
    return ExpectedLength(duration / av.time_base, None) if duration > 0 else None
