"""Opens a live input of unknown kind."""

from __future__ import annotations

from av.audio.stream import AudioStream
from av.container import Container, InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.stream import VideoStream

from pipeline.domain.errors import UnsupportedMedia
from pipeline.media import containers
from pipeline.media.containers import LIVE, check_decoder, decodable, first_video
from pipeline.media.limits import LARGEST, Largest, check_size

from . import h264, sniff
from .cut import KEYFRAME_HINT, CutRule
from .mpegts_tables import programme
from .replay_buffer import Readable, Rewindable
from .source import Media, reading
from .timeline import Timeline
from .tracks import CopyPictures, video_track
from .transcode.picture_filter import UPRIGHT, Turn, turn_of
from .transcode.video import VideoTranscoder
from .units import Picture, seconds

ACCEPTED = "MPEG-TS, FLV, fragmented MP4, Matroska or WebM, as one continuous body"
_DEMUXERS = "mpegts,flv,mov,matroska"
_WITH_MATRIX = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm")  # containers that may turn their pictures
_MAX_PEEKED = 256  # packets before the first keyframe
_PROBES = ((200_000, 500_000), (1_000_000, 2_000_000), (8_000_000, 5_000_000))  # bytes, microseconds
_SPARSE = (8_000_000, 12_500_000)


def open_media(source: Readable, rule: CutRule, timeline: Timeline | None = None) -> Media:
    """Opens a live source. `timeline`: see Media. Raises UnsupportedMedia, which names what was found and what is
    accepted.

    Probes a stream for longer, from its first byte again, if the first half second lacks its parameters.
    """
    rewindable = Rewindable(source)
    sniff.check(rewindable.head(1024), ACCEPTED)
    try:
        return _opened(rewindable, rule, timeline)
    except UnsupportedMedia:
        sniff.refuse_scrambled(rewindable.seen())
        raise


def _opened(rewindable: Rewindable, rule: CutRule, timeline: Timeline | None) -> Media:
    found = _open(rewindable, *_PROBES[0])
    for probe in _PROBES[1:]:
        if _settled(found):
            break
        found.close()
        rewindable.rewind()
        found = _open(rewindable, *probe)
    if _awaits_keyframe(found):  # pictures may be seconds apart, and each is whole once the next one comes
        found.close()
        rewindable.rewind()
        found = _open(rewindable, *_SPARSE)
    found = _joined(rewindable, found, rule)
    mates = programme_of(found, rewindable.seen())
    rewindable.forget()
    video, sound = video_of(found), audio_of(found, LIVE, mates)
    with reading(found):
        head, picture = _peeked(found, video, rule)
    return Media(found, video, sound, rule, picture=picture, head=head, timeline=timeline, progress=rewindable.progress)


def _peeked(container: InputContainer, video: VideoStream, rule: CutRule) -> tuple[list[Packet[Stream]], Picture]:
    """The packets up to the first keyframe, and the track for its pictures, which it may say lie on their side."""
    head: list[Packet[Stream]] = []
    track = video_track(video, rule)
    if isinstance(track, CopyPictures):
        for packet in containers.packets(container):
            head.append(packet)
            if packet.stream_index == video.index and packet.is_keyframe:
                turn = _turn(video, packet) if _may_turn(video, packet) else UPRIGHT
                return head, track if turn == UPRIGHT else VideoTranscoder(video, rule.target, turn)
            if len(head) >= _MAX_PEEKED:
                break
    return head, track


def _may_turn(video: VideoStream, keyframe: Packet[Stream]) -> bool:
    """Whether the container, or the picture itself, may say how it lies: only then it is worth decoding."""
    if video.container.format.name in _WITH_MATRIX:
        return True
    return h264.says_turn(bytes(keyframe), video.codec_context.extradata)


def _turn(video: VideoStream, keyframe: Packet[Stream]) -> Turn:
    decoder = video.codec_context
    try:
        frames = [*decoder.decode(keyframe), *decoder.decode(None)]
    except FFmpegError:
        return UPRIGHT  # damaged
    finally:
        decoder.flush_buffers()
    return turn_of(frames[0]) if frames else UPRIGHT


def _joined(source: Rewindable, found: InputContainer, rule: CutRule) -> InputContainer:
    """A transport stream joined between two keyframes, once the next has come. Raises UnsupportedMedia if none does."""
    began: float | None = None
    while _awaits_keyframe(found):
        with reading(found):
            at, taken = _begins(found), source.taken
        began = at if began is None else began
        if at - began > seconds(rule.longest):
            raise UnsupportedMedia(
                f"found no keyframe in the first {at - began:.1f} s of video, or one larger than {LARGEST}: "
                f"{KEYFRAME_HINT}"
            )
        found.close()
        source.skip()
        found = _open(source, *_PROBES[-1])
        if source.taken == taken:
            break  # it has ended
    return found


def _awaits_keyframe(container: InputContainer) -> bool:
    """Whether pictures come whose parameters have not: they precede a keyframe."""
    video = next(iter(container.streams.video), None)
    return is_ts(container) and video is not None and decodable(video) and not _complete(video)


def _begins(container: InputContainer) -> float:
    """When the pictures of a container that is given up begin, in seconds of the sender's clock."""
    for packet in containers.packets(container, container.streams.video[0]):
        if packet.pts is not None:
            return float(packet.pts * packet.time_base)
    return 0.0


def _open(source: Readable, size: int, duration: int) -> InputContainer:
    return open_container(source, _DEMUXERS, {"probesize": str(size), "analyzeduration": str(duration)}, ACCEPTED)


def open_container(
    source: Readable,
    demuxers: str,
    options: dict[str, str],
    accepted: str,
    decoders: frozenset[str] = LIVE,
    largest: Largest = LARGEST,
) -> InputContainer:
    """Opens `source` with one of `demuxers` and `decoders` only. Raises UnsupportedMedia."""
    try:
        return containers.open_container(source, demuxers, options, decoders=decoders, largest=largest)
    except FFmpegError as error:
        raise UnsupportedMedia(f"found no video that can be read ({error.strerror}); accepted is {accepted}") from error


def _settled(container: InputContainer) -> bool:
    """Whether the parameters of every used stream are known."""
    sounds = container.streams.audio
    return (
        all(map(_complete, container.streams.video[:1]))
        and bool(container.streams.video)
        and (not sounds or any(map(_complete, sounds)))
    )


def _complete(stream: VideoStream | AudioStream) -> bool:
    if not decodable(stream):
        return False
    if isinstance(stream, AudioStream):
        return bool(stream.codec_context.sample_rate) and _describes_itself(stream)
    return bool(stream.width and stream.pix_fmt)


def _name(stream: AudioStream) -> str:
    return stream.codec_context.name if decodable(stream) else "unknown"


def _describes_itself(stream: AudioStream) -> bool:
    """Raw AAC cannot be read without its AudioSpecificConfig; MPEG-TS carries ADTS, where each frame has one."""
    return stream.codec_context.name != "aac" or bool(stream.codec_context.extradata) or is_ts(stream.container)


def is_ts(container: Container) -> bool:
    return container.format.name == "mpegts"


def video_of(container: InputContainer, decoders: frozenset[str] = LIVE, largest: Largest = LARGEST) -> VideoStream:
    """The first video stream. Raises UnsupportedMedia unless it can be decoded, by one of `decoders`, and is at most
    as large as `largest`."""
    video = first_video(container)
    kind = container.format.long_name
    if video is None:
        found = ", ".join(f"{_name(s)} sound" for s in container.streams.audio) or "no stream"
        raise UnsupportedMedia(f"found {found} and no video in {kind}; a video stream is needed")
    if not decodable(video):
        raise UnsupportedMedia(
            f"found video of an unknown codec in {kind}; H.264 is copied, what FFmpeg decodes is taken"
        )
    check_decoder(video, decoders)
    check_size(video.width, video.height, largest)
    if not _complete(video):
        raise UnsupportedMedia(
            f"found {video.codec_context.name} video in {kind} whose size could not be read, or is larger than "
            f"{largest}: send its parameter sets and a keyframe within the first seconds"
        )
    return video


def is_whole(container: InputContainer) -> bool:
    """Whether it has a picture and sound whose parameters are known."""
    return all(any(map(_complete, streams)) for streams in (container.streams.video, container.streams.audio))


def programme_of(container: InputContainer, head: bytes) -> frozenset[int]:
    """The ids of the streams in the picture's programme, by the tables in the first bytes; empty if not known."""
    if not is_ts(container) or not container.streams.video:
        return frozenset()
    return programme(head, container.streams.video[0].id)


def audio_of(
    container: InputContainer, decoders: frozenset[str] = LIVE, mates: frozenset[int] = frozenset()
) -> AudioStream | None:
    """The sound: of the streams `mates` if any is, of those that can be decoded, the default among them or the first.

    None without one, or if it was silent while probing. Raises UnsupportedMedia.
    """
    sounds = [audio for audio in container.streams.audio if not mates or audio.id in mates]
    sounds.sort(
        key=lambda audio: (
            not (decodable(audio) and audio.codec_context.codec.name in decoders),
            not _complete(audio),
            not audio.disposition & Disposition.default,
        )
    )
    audio = next(iter(sounds), None)
    if audio is not None and decodable(audio):
        check_decoder(audio, decoders)
    if audio is None or _complete(audio):
        return audio
    if not decodable(audio):
        raise UnsupportedMedia(
            f"found sound of an unknown codec in {container.format.long_name}; "
            "AAC is copied, what FFmpeg decodes is taken"
        )
    if not _describes_itself(audio):
        raise UnsupportedMedia(
            f"found AAC sound without its configuration in {container.format.long_name}: "
            "send it first (ffmpeg: -bsf:a aac_adtstoasc -movflags +delay_moov)"
        )
    return None
