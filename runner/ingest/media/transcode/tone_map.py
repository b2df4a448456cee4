"""HDR (PQ, HLG) to SDR: a table of colours for FFmpeg's `lut3d`, computed once for each transfer function.

White of an SDR picture is 203 cd/m2 in HDR (ITU-R BT.2408): it and all that is darker keeps its place up to the knee,
and highlights of up to 1000 cd/m2 share the rest.
"""

from __future__ import annotations

import atexit
import math
import os
import tempfile
from collections.abc import Iterator
from functools import cache

PQ, HLG = 16, 18  # FFmpeg's AVCOL_TRC_SMPTE2084 and AVCOL_TRC_ARIB_STD_B67
_WHITE, _PEAK = 203.0, 1000.0  # cd/m2
_KNEE = 0.7  # of SDR's white: what is brighter is compressed
_SIZE = 33  # colours of one axis of the table
_LUMA = (0.2627, 0.6780, 0.0593)  # of BT.2020
_TO_709 = ((1.6605, -0.5876, -0.0728), (-0.1246, 1.1329, -0.0083), (-0.0182, -0.1006, 1.1187))


@cache
def table(transfer: int) -> str:
    """The path of the table from BT.2020 with this transfer function (PQ or HLG) to BT.709."""
    handle, path = tempfile.mkstemp(prefix="tone-map-", suffix=".cube")
    atexit.register(os.unlink, path)
    with os.fdopen(handle, "w") as out:
        out.write(f"LUT_3D_SIZE {_SIZE}\n")
        out.writelines(f"{r:.5f} {g:.5f} {b:.5f}\n" for r, g, b in _colors(transfer))
    return path


def _colors(transfer: int) -> Iterator[tuple[float, ...]]:
    """The colours of the table, red fastest."""
    light = [_pq(step / (_SIZE - 1)) if transfer == PQ else _hlg(step / (_SIZE - 1)) for step in range(_SIZE)]
    for blue in light:
        for green in light:
            for red in light:
                color = (red, green, blue) if transfer == PQ else _displayed(red, green, blue)
                yield _sdr([sum(a * b for a, b in zip(row, color, strict=True)) for row in _TO_709])


def _pq(signal: float) -> float:
    """Light, SDR's white being 1, of a PQ signal (SMPTE ST 2084)."""
    power = signal ** (1 / 78.84375)
    return 10_000 / _WHITE * (max(power - 0.8359375, 0.0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)


def _hlg(signal: float) -> float:
    """Light of the scene, 0 to 1, of an HLG signal (ITU-R BT.2100)."""
    return signal**2 / 3 if signal <= 0.5 else (math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12


def _displayed(red: float, green: float, blue: float) -> tuple[float, ...]:
    """Light on a display of 1000 cd/m2 of a scene's light, SDR's white being 1."""
    luma = sum(a * b for a, b in zip(_LUMA, (red, green, blue), strict=True))
    gain = _PEAK / _WHITE * luma**0.2
    return red * gain, green * gain, blue * gain


def _sdr(color: list[float]) -> tuple[float, ...]:
    """The signal of SDR (BT.1886) for light in BT.709: too bright a colour becomes darker and keeps its hue."""
    brightest = max(*color, 1e-6)
    gain = _compressed(brightest) / brightest
    return tuple(min(max(part * gain, 0.0), 1.0) ** (1 / 2.4) for part in color)


def _compressed(light: float) -> float:
    if light <= _KNEE:
        return light
    beyond = min((light - _KNEE) / (_PEAK / _WHITE - _KNEE), 1.0)
    steep = (_PEAK / _WHITE - _KNEE) / (1 - _KNEE)  # so that the curve has no bend at the knee
    return _KNEE + (1 - _KNEE) * (1 + 1 / (steep - 1)) * (1 - 1 / (1 + (steep - 1) * beyond)) if steep > 1 else light
