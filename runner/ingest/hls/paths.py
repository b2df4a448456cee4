"""The names that encoders use: their kinds, and how a playlist's URI becomes one."""

from __future__ import annotations

import posixpath
import re
from enum import Enum
from urllib.parse import unquote, urlsplit

from pipeline.domain.errors import BadRequest, UnsupportedMedia

_SAFE = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_.+=,@-]{0,99}/){0,4}[A-Za-z0-9_][A-Za-z0-9_.+=,@-]{0,99}")
_SUFFIX = re.compile(r"\.([A-Za-z0-9]+)$")


class Kind(Enum):
    """The kind of an object, from its name."""

    PLAYLIST = "playlist"
    TS = "MPEG-TS segment"
    FMP4 = "fragmented MP4"


_KINDS = {
    **dict.fromkeys(("m3u8", "m3u"), Kind.PLAYLIST),
    **dict.fromkeys(("ts", "m2ts"), Kind.TS),
    **dict.fromkeys(("mp4", "m4s", "m4v", "cmfv"), Kind.FMP4),
}


def check(path: str) -> tuple[str, Kind]:
    """The name of `path` (decoded), and its kind. Raises BadRequest or UnsupportedMedia.

    Some senders write `x.ts.tmp` and rename it at the end, which HTTP cannot: the name is `x.ts`.
    """
    name = path.removesuffix(".tmp")
    if not _SAFE.fullmatch(name):
        raise BadRequest(
            f"invalid name {path[:120]!r}: expected letters, digits and _.+=,@- in at most five parts, none of which "
            "begins with a dot"
        )
    suffix = _SUFFIX.search(name)
    kind = _KINDS.get(suffix[1].lower()) if suffix else None
    if kind is None:
        raise UnsupportedMedia(
            f"{name!r} is neither a playlist (.m3u8) nor a segment (.ts, .m4s, .mp4): send video and sound together; "
            "subtitles and separate sound are not supported"
        )
    return name, kind


def resolve(playlist: str, uri: str, stream: str) -> str:
    """The name of `uri` in `playlist`: relative to it, or an address of this service. Raises BadRequest."""
    path = unquote(urlsplit(uri).path)
    before, found, after = path.partition(f"/streams/{stream}/")
    if found and (urlsplit(uri).scheme or uri.startswith("/")):
        return check(after)[0]
    if urlsplit(uri).scheme or path.startswith("/"):
        raise BadRequest(f"invalid URI {uri[:120]!r}: expected a segment that was sent to this stream")
    return check(posixpath.normpath(posixpath.join(posixpath.dirname(playlist), before + found + after)))[0]
