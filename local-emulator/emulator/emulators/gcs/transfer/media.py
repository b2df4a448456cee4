"""The bytes of an object as a response: ranges, conditions, decompression, headers. The same for both APIs."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from ..clock import http_date
from ..errors import NotModified, precondition_failed, range_not_satisfiable
from ..model import StoredObject
from ..store.blobs import Blobs, Reader, pieces
from .checksums import md5_hex
from .http import Headers, Request, Response

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_PLAIN = {
    "contentDisposition": "Content-Disposition",
    "contentLanguage": "Content-Language",
}


def respond(blobs: Blobs, request: Request, stored: StoredObject, *, public: bool, xml: bool) -> Response:
    """The object, or the part of it that was asked for. Raises 304, 412, 416."""
    tag = xml_etag(stored) if xml else stored.etag
    _check_conditions(request, stored, tag)
    headers = _headers(stored, tag, public=public, xml=xml)
    reader = blobs.open(stored.content.blob)
    if _must_decompress(request, stored, reader):
        headers += [("Warning", "214 UploadServer gunzipped"), ("Vary", "Accept-Encoding")]
        return _sent(request, Response(200, headers, stream=_decompressed(reader, stored.content.size)), reader)
    if encoding := stored.fields.get("contentEncoding"):
        headers += [("Content-Encoding", encoding), ("Vary", "Accept-Encoding")]
    try:
        wanted = byte_range(_applicable_range(request, stored, tag), stored.content.size)
    except BaseException:
        reader.close()
        raise
    start, end = wanted or (0, stored.content.size)
    headers += [("Content-Length", str(end - start)), ("Accept-Ranges", "bytes")]
    if wanted:
        headers.append(("Content-Range", f"bytes {start}-{end - 1}/{stored.content.size}"))
    response = Response(206 if wanted else 200, headers, stream=pieces(reader, start, end))
    return _sent(request, response, reader)


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and end (exclusive); None for the whole: no range, several, or none that makes sense. Raises 416."""
    found = _RANGE.fullmatch((header or "").replace(" ", ""))
    if not found or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        start, end = size - length, size
    else:
        start = int(found[1])
        end = min(int(found[2]) + 1, size) if found[2] else size
        if found[2] and int(found[2]) < start:
            return None
    if start >= size or start >= end:
        raise range_not_satisfiable(size)
    return start, end


def xml_etag(stored: StoredObject) -> str:
    """The XML API's: the MD5 in hexadecimal; composed objects have none, so their resource's etag serves."""
    md5 = stored.content.md5
    return f'"{md5_hex(md5)}"' if md5 else f'"-{stored.etag}"'


def _sent(request: Request, response: Response, reader: Reader) -> Response:
    if request.method == "HEAD":
        reader.close()
        response.stream = None
    return response


def _headers(stored: StoredObject, tag: str, *, public: bool, xml: bool) -> Headers:
    content, fields = stored.content, stored.fields
    hashes = f"crc32c={content.crc32c}" + (f",md5={content.md5}" if content.md5 else "")
    default = "public, max-age=3600" if public else "private, max-age=0"
    headers = [
        ("Content-Type", fields.get("contentType") or "application/octet-stream"),
        ("ETag", tag),
        ("Last-Modified", http_date(stored.updated)),
        ("Cache-Control", fields.get("cacheControl") or default),
        ("x-goog-generation", str(stored.generation)),
        ("x-goog-metageneration", str(stored.metageneration)),
        ("x-goog-stored-content-encoding", fields.get("contentEncoding") or "identity"),
        ("x-goog-stored-content-length", str(content.size)),
        ("x-goog-hash", hashes),
        ("x-goog-storage-class", fields.get("storageClass") or "STANDARD"),
    ]
    headers += [(header, fields[name]) for name, header in _PLAIN.items() if fields.get(name)]
    if content.components is not None:
        headers.append(("x-goog-component-count", str(content.components)))
    if xml:
        headers += [(f"x-goog-meta-{key}", value) for key, value in (fields.get("metadata") or {}).items()]
    return headers


def _check_conditions(request: Request, stored: StoredObject, tag: str) -> None:
    if (wanted := request.headers.get("if-match")) and not _lists(wanted, stored, tag):
        raise precondition_failed()
    if unwanted := request.headers.get("if-none-match"):
        if _lists(unwanted, stored, tag):
            raise NotModified(tag)
    elif (since := request.headers.get("if-modified-since")) and not _newer(stored, since):
        raise NotModified(tag)


def _lists(header: str, stored: StoredObject, tag: str) -> bool:
    known = {"*", tag.strip('"'), stored.etag}
    return any(item.strip().removeprefix("W/").strip('"') in known for item in header.split(","))


def _newer(stored: StoredObject, since: str) -> bool:
    from email.utils import parsedate_to_datetime

    try:
        moment = parsedate_to_datetime(since).timestamp()
    except ValueError:
        return True
    return stored.updated // 1_000_000 > moment


def _applicable_range(request: Request, stored: StoredObject, tag: str) -> str | None:
    condition = request.headers.get("if-range")
    if condition and not _lists(condition, stored, tag):
        return None
    return request.headers.get("range")


def _must_decompress(request: Request, stored: StoredObject, reader: Reader) -> bool:
    """Google's decompressive transcoding: stored gzip, and the client does not take gzip."""
    if stored.fields.get("contentEncoding") != "gzip" or "no-transform" in stored.fields.get("cacheControl", ""):
        return False
    if accepts_gzip(request.headers.get("accept-encoding", "")):
        return False
    return reader.read(0, 2) == b"\x1f\x8b"


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header admits gzip."""
    for item in header.lower().split(","):
        coding, _, weight = item.partition(";")
        if coding.strip() in ("gzip", "x-gzip", "*"):
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _decompressed(reader: Reader, size: int) -> Iterator[bytes]:
    inflate = zlib.decompressobj(wbits=31)
    for piece in pieces(reader, 0, size):
        # A small piece may inflate a thousandfold: handed on in bounded pieces.
        left = piece
        while left:
            if data := inflate.decompress(left, 1 << 20):
                yield data
            left = inflate.unconsumed_tail
            if inflate.eof:  # gzip files may be concatenated
                left = inflate.unused_data
                inflate = zlib.decompressobj(wbits=31)
    if data := inflate.flush():
        yield data
