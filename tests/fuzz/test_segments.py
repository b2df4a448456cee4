"""Segments and playlists that an HLS sender puts: measured, remuxed, read."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.attack import attack

_SEGMENTS = "".join(f"#EXTINF:2.000000,\nlive{number}.ts\n" for number in range(6))
_HEAD = "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:2\n"
LISTINGS = {
    "live": f"{_HEAD}#EXT-X-MEDIA-SEQUENCE:7\n{_SEGMENTS}".encode(),
    "dated": f"{_HEAD}#EXT-X-PROGRAM-DATE-TIME:2026-03-01T12:00:00Z\n{_SEGMENTS}#EXT-X-ENDLIST\n".encode(),
    "fmp4": f'{_HEAD}#EXT-X-MAP:URI="init.mp4"\n#EXT-X-DISCONTINUITY\n{_SEGMENTS.replace(".ts", ".m4s")}'.encode(),
    "multivariant": b'#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1,CODECS="avc1.64001f"\nlive.m3u8\n',
}
"""Playlists as encoders put them."""


def test_damaged_pushed_segments_neither_crash_nor_hang_nor_grow(inputs: dict[str, bytes], tmp_path: Path) -> None:
    attack("pushed", 60, inputs, tmp_path, {"segment", "refused"})


def test_damaged_listings_neither_crash_nor_hang_nor_grow(tmp_path: Path) -> None:
    attack("listing", 300, LISTINGS, tmp_path, {"listing", "multivariant", "refused"})
