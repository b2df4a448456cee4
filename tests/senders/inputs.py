"""Inputs as encoders, telephones and recorders write them, made on the spot by ffmpeg and changed byte by byte."""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=192x108:r=25")
TONE = ("-f", "lavfi", "-i", "sine=440:r=48000")
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-sc_threshold", "0", "-g", "50")
AAC = ("-c:a", "aac", "-b:a", "48k")


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="senders-")


@cache
def ffmpeg(name: str, *arguments: str) -> bytes:
    """What ffmpeg writes into a file of that name. The same call is made once."""
    digest = hashlib.sha256("\0".join((name, *arguments)).encode()).hexdigest()[:16]
    path = Path(_folder().name) / f"{digest}-{name}"
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments, str(path)], check=True)
    return path.read_bytes()


def stored(data: bytes, name: str) -> str:
    """The path of a file with these bytes, as an input of `ffmpeg`."""
    path = Path(_folder().name) / f"{hashlib.sha256(data).hexdigest()[:16]}-{name}"
    path.write_bytes(data)
    return str(path)


def packets(data: bytes) -> Iterator[tuple[int, float, bytes]]:
    """The packets of a transport stream: PID, seconds of the latest pts of that PID, bytes."""
    times: dict[int, float] = {}
    for at in range(0, len(data), 188):
        packet = data[at : at + 188]
        pid = (packet[1] & 31) << 8 | packet[2]
        if packet[1] & 0x40 and 0x100 <= pid < 0x1FFF and (pts := _pts(packet)) is not None:
            times[pid] = pts
        yield pid, times.get(pid, 0.0), packet


def only(data: bytes, wanted: Callable[[int, float], bool]) -> bytes:
    """The packets of a transport stream for which `wanted(pid, seconds)`. ffmpeg's clock starts at 1.4 s."""
    return b"".join(packet for pid, time, packet in packets(data) if wanted(pid, time))


def _pts(packet: bytes) -> float | None:
    body = packet[4 + (1 + packet[4] if packet[3] & 0x20 else 0) :]
    if len(body) < 14 or body[:3] != b"\0\0\1" or not body[7] & 0x80:
        return None
    q = body[9:14]
    return ((q[0] >> 1 & 7) << 30 | q[1] << 22 | (q[2] >> 1) << 15 | q[3] << 7 | q[4] >> 1) / 90_000


def tags(flv: bytes) -> Iterator[bytes]:
    """The tags of an FLV file, each with the size that follows it."""
    at = 13
    while at < len(flv):
        size = int.from_bytes(flv[at + 1 : at + 4]) + 15
        yield flv[at : at + size]
        at += size
