"""Names the type of bytes that are not a video, so that their sender can mend it."""

from __future__ import annotations

import re

from pipeline.domain.errors import UnsupportedMedia

from .replay_buffer import Seekable

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
    (b"\xff\xf1", "AAC sound"),
    (b"\xff\xf9", "AAC sound"),
    (b"fLaC", "a FLAC file"),
    (b"wOFF", "a font"),
    (b"MZ", "a program"),
)
_MULTIPART = re.compile(rb"\s*--[^\r\n]+\r?\ncontent-type:[ \t]*image/", re.I)
_MAX_BOXES = 1000  # on the outermost level: each may be eight bytes
_TS = 188  # bytes of a packet
_RAW = re.compile(rb"\0\0\0\x01[\x06\x07\x09\x26\x27\x40\x42\x46\x67]")  # parameter sets or delimiters of H.264, HEVC
# Still pictures in the boxes of MP4, by their major brand (ISO 23008-12, AV1 Image File Format).
_PICTURES = {
    **dict.fromkeys((b"avif", b"avis"), "an AVIF picture"),
    **dict.fromkeys(
        (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"mif2"), "a HEIC picture"
    ),
    b"crx ": "a Canon raw picture",
}


def index_is_missing(source: Seekable) -> bool:
    """Whether a file is an MP4 that ends before its index: a recorder without power, an upload of a part."""
    at, known = 0, False
    for _ in range(_MAX_BOXES):
        source.seek(at)
        head = source.read(16)
        if len(head) < 8:
            return known
        size, kind = int.from_bytes(head[:4]), head[4:8]
        if kind in (b"moov", b"moof") or (at == 0 and kind not in (b"ftyp", b"wide", b"mdat")):
            return False
        size = int.from_bytes(head[8:]) if size == 1 else size
        if size < 8:
            return known and kind == b"mdat"  # up to the end
        known = known or kind == b"mdat"
        at += size
    return False


def check(head: bytes, accepted: str) -> None:
    """Raises UnsupportedMedia if the first bytes of a live input show that it cannot be played."""
    if not head:
        raise UnsupportedMedia(f"the body is empty; accepted is {accepted}")
    _refuse(_known(head), accepted)
    _refuse_raw(head, accepted)
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
    _refuse_raw(head, accepted)


def _known(head: bytes) -> str | None:
    found = next((name for magic, name in _MAGIC if head.startswith(magic) or head.lstrip().startswith(magic)), None)
    if found is None and head[4:8] == b"ftyp":
        found = _PICTURES.get(head[8:12])
    if found is None and _MULTIPART.match(head):
        found = "JPEG pictures over HTTP"
    if found is None and _is_text(head):
        found = {b"<": "HTML or XML", b"{": "JSON"}.get(head.lstrip()[:1], "text")
    return found


def refuse_scrambled(head: bytes) -> None:
    """Raises UnsupportedMedia if a transport stream that could not be read is scrambled, as pay television is."""
    if len(head) <= _TS or not head[0] == head[_TS] == 0x47:
        return
    packets = [head[at : at + 4] for at in range(0, len(head) - 3, _TS)]
    contents = [packet[3] & 0x80 for packet in packets if int.from_bytes(packet[1:3]) & 0x1FFF in range(0x20, 0x1FFF)]
    if 2 * sum(map(bool, contents)) > len(contents):
        raise UnsupportedMedia("the transport stream is scrambled: send it as it is after the receiver, decrypted")


def _refuse_raw(head: bytes, accepted: str) -> None:
    if _RAW.match(head):
        raise UnsupportedMedia(
            "found raw H.264 or HEVC, which has no times: put it into a container (ffmpeg: -c copy -f mpegts). "
            f"Accepted is {accepted}"
        )


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
