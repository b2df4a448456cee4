"""Playlists for the linter."""

from __future__ import annotations


def playlist(first: int, count: int, *, breaks: tuple[int, ...] = (), gone: int = 0, end: str = "") -> str:
    """Segments of 2 s from number `first` on; `breaks` are those after a discontinuity, `gone` counts earlier ones."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-TARGETDURATION:6", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
    lines += [f"#EXT-X-DISCONTINUITY-SEQUENCE:{gone}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for number in range(first, first + count):
        lines += ["#EXT-X-DISCONTINUITY"] if number in breaks else []
        minute, second = divmod(2 * number, 60)
        lines += [f"#EXT-X-PROGRAM-DATE-TIME:2026-01-31T12:{minute:02}:{second:02}.000Z", "#EXTINF:2.000000,"]
        lines.append(f"../../../segments/cam/s/{number:08}.ts")
    return "\n".join(lines) + "\n" + end
