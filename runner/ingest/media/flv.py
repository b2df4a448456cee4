"""Finds the place where an FLV stream changes its codecs, or where sound begins late (FLV 10.1, annex E)."""

from __future__ import annotations

_HEADER = b"FLV\x01\x05\0\0\0\x09\0\0\0\0"  # picture and sound
_SOUND, _PICTURE = 8, 9
_AAC, _AVC = 10, 7
_LATE_MS = 1000  # sound is late after this much video: by then the stream has been opened
_EMPTY_BYTES = 11 + 2 + 4  # a tag that announces parameters and has none: ffmpeg sends one before it knows them
_MAX_HELD_BYTES = 64 << 10  # of a tag that may be held back as a whole


class FlvTags:
    """Watches tags. A new stretch begins at the next keyframe, so that no picture is lost."""

    def __init__(self) -> None:
        self._held = b""
        self._skip = len(_HEADER)
        self._first: int | None = None  # ms of the first picture
        self._codecs: dict[int, int] = {}
        self._setups: dict[int, bytes] = {}  # the tags with which decoders of picture and sound are set up
        self._heard = False
        self._changed = False

    def cut(self, data: bytes) -> tuple[bytes, bytes | None]:
        """See Watch."""
        data, at = self._held + data, 0
        while True:
            taken = min(self._skip, len(data) - at)
            at, self._skip = at + taken, self._skip - taken
            size = _size(data, at)
            if (
                self._skip
                or size is None
                or (_is_setup(data, at) and size <= _MAX_HELD_BYTES and len(data) - at < size)
            ):
                self._held = data[at:]
                return data[:at], None
            begun = self._first is not None
            self._look(data, at, size)
            if self._changed and begun and _is_keyframe(data, at):
                return data[:at], _HEADER + b"".join(self._setups.values()) + data[at:]
            self._skip = size

    def rest(self) -> bytes:
        """See Watch."""
        return self._held

    def _look(self, data: bytes, at: int, size: int) -> None:
        kind = data[at] & 31
        if kind not in (_SOUND, _PICTURE):
            return
        body = at + 11
        time = int.from_bytes(data[at + 4 : at + 7]) | data[at + 7] << 24
        codec = data[body] >> 4 if kind == _SOUND else data[body] & (0x8F if data[body] & 0x80 else 0x0F)
        if kind == _PICTURE and self._first is None and not _is_setup(data, at):
            self._first = time
        known = self._codecs.setdefault(kind, codec)
        late = kind == _SOUND and not self._heard and self._is_late(time)
        self._heard = self._heard or kind == _SOUND
        if known != codec:
            self._setups.pop(kind, None)
            self._codecs[kind] = codec
        self._changed |= known != codec or late
        if _is_setup(data, at) and size > _EMPTY_BYTES:
            tag = data[at : at + size]
            # New parameters of H.264 need no other demuxer: the copying track takes them in.
            self._changed |= kind == _SOUND and kind in self._setups and _body(self._setups[kind]) != _body(tag)
            self._setups[kind] = tag

    def _is_late(self, time: int) -> bool:
        return self._first is not None and time - self._first > _LATE_MS


def _size(data: bytes, at: int) -> int | None:
    """The bytes of the tag at `at`, including its trailing size; None before its header has come."""
    return int.from_bytes(data[at + 1 : at + 4]) + 15 if len(data) - at >= 13 else None


def _is_setup(data: bytes, at: int) -> bool:
    kind, first, second = data[at] & 31, data[at + 11], data[at + 12]
    return second == 0 and ((kind == _SOUND and first >> 4 == _AAC) or (kind == _PICTURE and first & 0x8F == _AVC))


def _is_keyframe(data: bytes, at: int) -> bool:
    return data[at] & 31 == _PICTURE and data[at + 11] >> 4 & 7 == 1 and not _is_setup(data, at)


def _body(tag: bytes) -> bytes:
    return tag[11:-4]
