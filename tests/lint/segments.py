"""What every MPEG-TS segment must be: whole packets, its tables first, then a keyframe at its media time.

Reads the bytes by itself: judging FFmpeg's output by FFmpeg would miss what both take for granted.
"""

from __future__ import annotations

from collections.abc import Iterator

_PACKET, _SYNC = 188, 0x47
_H264 = 0x1B
_CLOCK, _ORIGIN = 90_000, 10.0  # docs/contracts.md: a segment's keyframe has the pts 10 s + media-time
_SPS, _PPS, _IDR, _SLICE = 7, 8, 5, 1


def lint_segment(data: bytes, media_time: float | None = None) -> list[str]:
    """What is wrong with one segment; empty if nothing. `media_time` is what its metadata say, in seconds."""
    if not data or len(data) % _PACKET or any(data[at] != _SYNC for at in range(0, len(data), _PACKET)):
        return ["transport: not a row of whole MPEG-TS packets"]
    program = next((_table(body) for pid, starts, body in _packets(data) if pid == 0 and starts), None)
    described = [(at, body) for at, (pid, starts, body) in enumerate(_packets(data)) if pid == program and starts]
    if not described:
        return ["tables: no PAT or no PMT"]
    kinds = _streams(described[0][1])
    if described[0][0] > next((at for at, (pid, _, _) in enumerate(_packets(data)) if pid in kinds), len(data)):
        return ["tables: PAT and PMT come after the first picture or sound"]
    video = next((pid for pid, kind in kinds.items() if kind == _H264), None)
    if video is None:
        return [f"tables: no H.264, only stream types {sorted(kinds.values())}"]
    return _picture(_first_pes(data, video), media_time)


def _picture(pes: bytes, media_time: float | None) -> list[str]:
    if len(pes) < 14 or pes[:3] != b"\0\0\1":
        return ["keyframe: there is no picture"]
    faults: list[str] = []
    kinds = list(_nal_kinds(pes[9 + pes[8] :]))
    coded = next((at for at, kind in enumerate(kinds) if kind in (_IDR, _SLICE)), len(kinds))
    if kinds[coded : coded + 1] != [_IDR]:
        faults.append("keyframe: does not begin with a keyframe")
    if not {_SPS, _PPS} <= set(kinds[:coded]):
        faults.append("keyframe: the keyframe has no parameter sets before it")
    if media_time is not None and abs((at := _pts(pes) / _CLOCK) - _ORIGIN - media_time) > 0.001:
        faults.append(f"keyframe: shown at {at:.4f} s, not at {_ORIGIN:g} s + {media_time:.4f} s")
    return faults


def _packets(data: bytes) -> Iterator[tuple[int, bool, bytes]]:
    """Each packet's PID, whether a unit starts in it, and its payload."""
    for at in range(0, len(data), _PACKET):
        control = data[at + 3] >> 4 & 3
        start = at + 4 + (1 + data[at + 4] if control & 2 else 0)
        body = data[start : at + _PACKET] if control & 1 else b""
        yield (data[at + 1] & 0x1F) << 8 | data[at + 2], bool(data[at + 1] & 0x40), body


def _table(body: bytes) -> int:
    """The PMT's PID from a PAT's first program."""
    section = body[1 + body[0] :]
    return (section[10] & 0x1F) << 8 | section[11]


def _streams(body: bytes) -> dict[int, int]:
    """Stream types by PID."""
    section = body[1 + body[0] :]
    end = 3 + ((section[1] & 0x0F) << 8 | section[2]) - 4
    at = 12 + ((section[10] & 0x0F) << 8 | section[11])
    found: dict[int, int] = {}
    while at + 5 <= end:
        found[(section[at + 1] & 0x1F) << 8 | section[at + 2]] = section[at]
        at += 5 + ((section[at + 3] & 0x0F) << 8 | section[at + 4])
    return found


def _first_pes(data: bytes, video: int) -> bytes:
    pes = bytearray()
    for pid, starts, body in _packets(data):
        if pid == video:
            if starts and pes:
                break
            pes += body
    return bytes(pes)


def _nal_kinds(data: bytes) -> Iterator[int]:
    at = data.find(b"\0\0\1")
    while 0 <= at < len(data) - 3:
        yield data[at + 3] & 0x1F
        at = data.find(b"\0\0\1", at + 3)


def _pts(pes: bytes) -> int:
    high, middle, low = pes[9] >> 1 & 7, int.from_bytes(pes[10:12]) >> 1, int.from_bytes(pes[12:14]) >> 1
    return high << 30 | middle << 15 | low
