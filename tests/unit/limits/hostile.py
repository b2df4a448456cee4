"""Media that cost their sender little and their reader much, made by hand: no encoder needs the memory that they ask
for."""

from __future__ import annotations

import io
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.packet import Packet
from av.stream import Stream
from tests.unit.ingest.clips import make_clip

_START = b"\0\0\0\1"


def h264(folder: Path, width: int, height: int, *, kind: str = "mpegts", after: int = 0) -> bytes:
    """Two seconds of H.264 whose parameter sets, from picture `after` on, say that they have that size."""
    clip = make_clip(folder / "plain.ts", seconds=2, gop=0.4, audio=None, options={"bf": "0"})
    out = io.BytesIO()
    with av.open(str(clip.path)) as source, av.open(out, "w", format=kind) as target:
        picture = target.add_stream_from_template(source.streams.video[0])
        for number, packet in enumerate(source.demux(video=0)):
            if packet.dts is None:
                continue
            data = bytes(packet)
            if packet.is_keyframe and number >= after:
                data = _with_size(data, width, height)
            made: Packet[Stream] = Packet(data)
            made.pts, made.dts, made.time_base = packet.pts, packet.dts, packet.time_base
            made.is_keyframe, made.stream = packet.is_keyframe, picture
            target.mux(made)
    return out.getvalue()


def mjpeg(folder: Path, width: int, height: int) -> bytes:
    """Pictures of MJPEG in Matroska whose headers say that they have that size."""
    path = folder / "small.mkv"
    with av.open(str(path), "w", format="matroska") as container:
        stream = container.add_stream("mjpeg", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuvj420p"
        for number in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), 40, np.uint8), format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, 5)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    size = struct.pack(">HH", 64, 64)
    data = path.read_bytes()
    at = data.find(b"\xff\xc0")
    assert data[at + 5 : at + 9] == size
    return data.replace(data[at : at + 5] + size, data[at : at + 5] + struct.pack(">HH", height, width))


def declared_index(samples: int) -> bytes:
    """A kilobyte of MP4 whose tables declare that many samples, of which FFmpeg makes an index."""
    description = b"\0" * 6 + b"\0\1" + b"\0" * 16 + struct.pack(">HH", 160, 90) + _ints(0x480000, 0x480000, 0)
    description += struct.pack(">H", 1) + b"\0" * 32 + struct.pack(">Hh", 24, -1)
    coded = _box(b"avc1", description, _box(b"avcC", bytes.fromhex("0142c00affe100046742c00a01000568ce0fcb20")))
    tables = [_full(b"stsd", _ints(1), coded), _full(b"stts", _ints(1, samples, 512))]
    tables += [
        _full(b"stsc", _ints(1, 1, samples, 1)),
        _full(b"stsz", _ints(1, samples)),
        _full(b"stco", _ints(1, 3000)),
    ]
    information = [_full(b"vmhd", b"\0" * 8), _box(b"dinf", _full(b"dref", _ints(1), _box(b"url ", b"\0\0\0\1")))]
    media = [_full(b"mdhd", _ints(0, 0, 12800, 0, 0)), _full(b"hdlr", _ints(0), b"vide", b"\0" * 13)]
    media.append(_box(b"minf", *information, _box(b"stbl", *tables)))
    track = _box(b"trak", _full(b"tkhd", _ints(0, 0, 1, *[0] * 15), _ints(160 << 16, 90 << 16)), _box(b"mdia", *media))
    movie = _box(b"moov", _full(b"mvhd", _ints(0, 0, 1000, 0, *[0] * 19, 2)), track)
    return _box(b"ftyp", b"isomiso2") + movie + _box(b"mdat", b"\0" * 100_000)


def endless_picture(folder: Path, size: int) -> bytes:
    """MPEG-TS that begins with a second of video, and goes on with one picture of `size` bytes that never ends."""
    data = make_clip(folder / "plain.ts", seconds=1, audio=None, options={"bf": "0"}).path.read_bytes()
    pid = _video_pid(data)
    packets = [struct.pack(">BHB", 0x47, pid, 0x10 | number & 15) + b"\xaa" * 184 for number in range(size // 184)]
    return data + b"".join(packets)


def inflated(folder: Path, seconds: float, size: int) -> bytes:
    """H.264 in MPEG-TS of about `size` bytes with one keyframe, its pictures filled up with nothing."""
    clip = make_clip(folder / "one.ts", seconds=seconds, gop=seconds, audio=None, options={"bf": "0"})
    out = io.BytesIO()
    with av.open(str(clip.path)) as source, av.open(out, "w", format="mpegts") as target:
        picture = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is None:
                continue
            made: Packet[Stream] = Packet(
                bytes(packet) + _START + b"\x0c" + b"\xff" * (size // clip.pictures) + b"\x80"
            )
            made.pts, made.dts, made.time_base = packet.pts, packet.dts, packet.time_base
            made.is_keyframe, made.stream = packet.is_keyframe, picture
            target.mux(made)
    return out.getvalue()


def _video_pid(data: bytes) -> int:
    with av.open(io.BytesIO(data)) as container:
        return container.streams.video[0].id


def _with_size(picture: bytes, width: int, height: int) -> bytes:
    """An Annex B keyframe with another sequence parameter set."""
    units = [unit for unit in picture.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
    return b"".join(_START + (_sps(width, height) if unit[0] & 31 == 7 else unit) for unit in units)


def _sps(width: int, height: int) -> bytes:
    """H.264 7.3.2.1.1, baseline profile: a size in macroblocks, one reference, no cropping."""
    bits = f"{66:08b}{0:08b}{62:08b}" + "".join(_golomb(n) for n in (0, 0, 2, 1)) + "0"
    bits += _golomb(width // 16 - 1) + _golomb(height // 16 - 1) + "1" + "1" + "0" + "0" + "1"
    bits += "0" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8)
    escaped = bytearray()
    for byte in body:
        if byte <= 3 and escaped[-2:] == b"\0\0":
            escaped.append(3)
        escaped.append(byte)
    return b"\x67" + bytes(escaped)


def _golomb(number: int) -> str:
    bits = f"{number + 1:b}"
    return "0" * (len(bits) - 1) + bits


def _ints(*numbers: int) -> bytes:
    return struct.pack(f">{len(numbers)}I", *numbers)


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _full(kind: bytes, *parts: bytes) -> bytes:
    return _box(kind, b"\0\0\0\0", *parts)
