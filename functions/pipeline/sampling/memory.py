"""The gate's memory as a segment's document keeps it: a few kilobytes.

It derives from the segment and the memory before it, so that a redelivered segment leaves the same.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from .budget import Bucket
from .change import Shift
from .gate_state import Memory
from .picture import HEIGHT, WIDTH, Plane

_COARSE = 0xF0  # how often a place was new need not be known better, and packs better so


def pack(memory: Memory, revision: str) -> dict[str, Any]:
    """As fields. `revision` is that of the settings under which the last frame was sent on."""
    return {
        "media_time": memory.media_time,
        "analysed": zlib.compress(memory.analysed.tobytes()),
        "look": zlib.compress(memory.look.tobytes()),
        "came": zlib.compress(np.packbits(memory.came > 0).tobytes()),
        "restless": zlib.compress((memory.restless & _COARSE).tobytes()),
        "camera": [round(memory.camera.x, 3), round(memory.camera.y, 3)],
        "tokens": round(memory.bucket.tokens, 4),
        "tokens_at": memory.bucket.at,
        "noise": round(memory.noise, 3),
        "cut_at": memory.cut_at,
        "held": memory.held,
        "revision": revision,
    }


def unpack(fields: Mapping[str, Any]) -> Memory | None:
    """The memory; None where an earlier release, which kept other things, packed it."""
    try:
        came = np.unpackbits(np.frombuffer(zlib.decompress(fields["came"]), np.uint8))
        return Memory(
            media_time=float(fields["media_time"]),
            analysed=_plane(zlib.decompress(fields["analysed"])),
            look=_plane(zlib.decompress(fields["look"])),
            bucket=Bucket(float(fields["tokens"]), float(fields["tokens_at"])),
            camera=Shift(*map(float, fields["camera"])),
            came=_plane(came.tobytes()),
            restless=_plane(zlib.decompress(fields["restless"])),
            noise=float(fields["noise"]),
            cut_at=float(fields["cut_at"]),
            held=bool(fields["held"]),
        )
    except (KeyError, ValueError, TypeError, zlib.error):
        return None


def _plane(data: bytes) -> Plane:
    """Raises ValueError where it has another size."""
    return np.frombuffer(data, np.uint8).reshape(HEIGHT, WIDTH)
