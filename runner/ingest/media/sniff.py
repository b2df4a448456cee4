"""Names the type of bytes that are not a video, so that their sender can mend it."""

from __future__ import annotations

from pipeline.domain.errors import UnsupportedMedia

_MAGIC = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"RIFF", "a RIFF file (AVI, WAV or WebP)"),
    (b"#EXTM3U", "an HLS playlist"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"8BPS", "a Photoshop picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
)
# Still pictures in the boxes of MP4, by their major brand (ISO 23008-12, AV1 Image File Format).
_PICTURES = {
    **dict.fromkeys((b"avif", b"avis"), "an AVIF picture"),
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"), "a HEIC picture"
    ),
    b"crx ": "a Canon raw picture",
}


def check(head: bytes, accepted: str) -> None:
    """Raises UnsupportedMedia if the first bytes of a live input show that it cannot be played."""
    if not head:
        raise UnsupportedMedia(f"the body is empty; accepted is {accepted}")
    _refuse(_known(head), accepted)
    if _index_comes_last(head):
        raise UnsupportedMedia(
            "found an MP4 whose index (moov) comes after its data, which cannot be played before its end; "
            f"write it with -movflags frag_keyframe+empty_moov or +faststart. Accepted is {accepted}"
        )


def check_file(head: bytes, accepted: str) -> None:
    """The same for a file, which may also be AVI or Ogg, or have its index last."""
    if not head:
        raise UnsupportedMedia(f"the file is empty; accepted is {accepted}")
    if not head.startswith(b"OggS") and not (head.startswith(b"RIFF") and head[8:12] == b"AVI "):
        _refuse(_known(head), accepted)


def _known(head: bytes) -> str | None:
    found = next((name for magic, name in _MAGIC if head.startswith(magic) or head.lstrip().startswith(magic)), None)
    if found is None and head[4:8] == b"ftyp":
        found = _PICTURES.get(head[8:12])
    if found is None and _is_text(head):
        found = {b"<": "HTML or XML", b"{": "JSON"}.get(head.lstrip()[:1], "text")
    return found


def _refuse(found: str | None, accepted: str) -> None:
    if found:
        raise UnsupportedMedia(f"found {found}, not a video; accepted is {accepted}")


def _is_text(head: bytes) -> bool:
    try:
        text = head[:512].decode("ascii")
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\r\n\t" for character in text)


def _index_comes_last(head: bytes) -> bool:
    at = 0
    while at + 8 <= len(head) and (at > 0 or head[4:8] == b"ftyp"):
        size, kind = int.from_bytes(head[at : at + 4]), head[at + 4 : at + 8]
        if kind in (b"mdat", b"moov", b"moof"):
            return kind == b"mdat"
        if size < 8:
            return False
        at += size
    return False
