"""Finds the place where an FLV stream changes its codecs, starts over, or where sound begins late.

FLV 10.1, annex E, and Enhanced RTMP, whose tags name further codecs by four letters and may carry several tracks.
"""

from __future__ import annotations

from dataclasses import dataclass

_HEADER = b"FLV\x01\x05\0\0\0\x09\0\0\0\0"  # picture and sound
_SOUND, _PICTURE = 8, 9
_AAC, _AVC = 10, 7
_ENHANCED_SOUND = 9  # instead of a codec; in a picture's tag it is the first bit
_SETUP, _MULTITRACK, _MODIFIED = 0, {_SOUND: 5, _PICTURE: 6}, 7  # packet types of Enhanced RTMP
_LATE_MS = 1000  # sound is late after this much video: by then the stream has been opened
_EMPTY_BYTES = 11 + 2 + 4  # a tag that announces parameters and has none: ffmpeg sends one before it knows them
_MAX_HELD_BYTES = 64 << 10  # of a tag that may be held back as a whole


class FlvTags:
    """Watches tags. A new stretch begins at the next keyframe, so that no picture is lost."""

    def __init__(self) -> None:
        self._held = b""
        self._skip = len(_HEADER)
        self._first: int | None = None  # ms of the first picture
        self._codecs: dict[int, bytes] = {}
        self._setups: dict[int, bytes] = {}  # the tags with which decoders of picture and sound are set up
        self._heard = False
        self._awaits_sound = False
        self._changed = False

    def cut(self, data: bytes) -> tuple[bytes, bytes | None]:
        """See Watch."""
        data, at = self._held + data, 0
        while True:
            taken = min(self._skip, len(data) - at)
            at, self._skip = at + taken, self._skip - taken
            if not self._skip and data[at : at + 3] == b"FLV" and self._first is not None:
                return data[:at], data[at:]  # the sender has started over
            tag, size = _tag(data, at), _size(data, at)
            if (
                self._skip
                or tag is None
                or size is None
                or (tag.setup and size <= _MAX_HELD_BYTES and len(data) - at < size)
            ):
                self._held = data[at:]
                return data[:at], None
            begun = self._first is not None
            self._look(tag, data[at : at + size] if tag.setup else b"")
            if self._changed and begun and tag.key:
                return data[:at], _HEADER + b"".join(self._setups.values()) + data[at:]
            self._skip = size

    def rest(self) -> bytes:
        """See Watch."""
        return self._held

    def await_sound(self) -> None:
        """See Watch."""
        self._heard, self._awaits_sound = False, True

    def _look(self, tag: _Tag, setup: bytes) -> None:
        if tag.codec is None:
            return
        kind = tag.kind
        if kind == _PICTURE and self._first is None and not tag.setup:
            self._first = tag.time
        known = self._codecs.setdefault(kind, tag.codec)
        late = kind == _SOUND and not self._heard and (self._awaits_sound or self._is_late(tag.time))
        self._heard = self._heard or kind == _SOUND
        if known != tag.codec:
            self._setups.pop(kind, None)
            self._codecs[kind] = tag.codec
        self._changed |= known != tag.codec or late
        if len(setup) > _EMPTY_BYTES:
            # New parameters of H.264 need no other demuxer: the copying track takes them in.
            self._changed |= kind == _SOUND and kind in self._setups and _body(self._setups[kind]) != _body(setup)
            self._setups[kind] = setup

    def _is_late(self, time: int) -> bool:
        return self._first is not None and time - self._first > _LATE_MS


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag's first bytes. `codec` is None for what is neither picture nor sound, and for tracks beside the first."""

    kind: int
    time: int  # ms
    codec: bytes | None
    setup: bool = False
    key: bool = False


def _tag(data: bytes, at: int) -> _Tag | None:
    """The tag at `at`; None before its first bytes have come."""
    body = data[at + 11 : at + 16]
    if len(data) - at < 13 or (len(body) < 5 and len(data) - at < (_size(data, at) or 0)):
        return None
    kind, first = data[at] & 31, body[0]
    time = int.from_bytes(data[at + 4 : at + 7]) | data[at + 7] << 24
    if kind not in (_SOUND, _PICTURE):
        return _Tag(kind, time, None)
    enhanced = first >> 4 == _ENHANCED_SOUND if kind == _SOUND else bool(first & 0x80)
    key = kind == _PICTURE and first >> 4 & 7 == 1
    if not enhanced:
        codec = first >> 4 if kind == _SOUND else first & 0x0F
        setup = body[1] == 0 and codec == (_AAC if kind == _SOUND else _AVC)
        return _Tag(kind, time, bytes([codec]), setup, key and not setup)
    packet = first & 0x0F
    if packet in (_MULTITRACK[kind], _MODIFIED):
        return _Tag(kind, time, None)
    setup = packet == _SETUP
    return _Tag(kind, time, body[1:5], setup, key and not setup)


def _size(data: bytes, at: int) -> int | None:
    """The bytes of the tag at `at`, including its trailing size; None before its header has come."""
    return int.from_bytes(data[at + 1 : at + 4]) + 15 if len(data) - at >= 13 else None


def _body(tag: bytes) -> bytes:
    return tag[11:-4]
