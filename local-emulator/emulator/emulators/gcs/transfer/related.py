"""`multipart/related`: a JSON resource, then the object's bytes, taken apart as they arrive."""

from __future__ import annotations

import re
from email.message import Message as Header
from typing import Any

from ..errors import bad_request
from .http import parse_object

_HEAD_LIMIT = 1 << 20
_EPILOGUE = 64
_HEADERS_END = re.compile(rb"(?:\A|\r?\n)\r?\n")
_CONTENT_TYPE = re.compile(rb"^content-type:[ \t]*([^\r\n]*)", re.I | re.M)


def boundary(content_type: str) -> bytes:
    """The boundary parameter. Raises 400."""
    header = Header()
    header["content-type"] = content_type
    found = header.get_param("boundary")
    if not isinstance(found, str) or not found:
        raise bad_request("A multipart upload needs Content-Type: multipart/related; boundary=BOUNDARY.")
    return found.strip("'").encode("latin-1", "replace")  # gcloud writes it in single quotes, and Google takes them off


class Related:
    """Feed it the body; it gives the media back. The rest is known before the first byte of that."""

    def __init__(self, boundary: bytes) -> None:
        self.resource: dict[str, Any] | None = None
        self.content_type: str | None = None
        self._head = b""
        self._tail = b""
        self._start = b"--" + boundary
        self._end = b"--" + boundary + b"--"  # with the line break before it: \r\n, or gcloud's \n

    def feed(self, data: bytes) -> bytes:
        """The media bytes that are certain by now. Raises 400."""
        if self.resource is None:
            self._head += data
            data = self._take_head()
        data = self._tail + data
        # What may be the closing delimiter stays behind.
        cut = max(0, len(data) - len(self._end) - _EPILOGUE)
        self._tail = data[cut:]
        return data[:cut]

    def finish(self) -> bytes:
        """The last media bytes. Raises 400 where the closing delimiter is missing."""
        end = self._tail.rfind(self._end)
        if self.resource is None or end < 0:
            raise bad_request("The multipart body is incomplete: it must end with its closing boundary.")
        return self._tail[:end]

    def _take_head(self) -> bytes:
        """Parses the first part and the headers of the second once they are complete; what follows them."""
        parts = re.split(rb"(?:^|\r?\n)" + re.escape(self._start) + rb"\r?\n", self._head, maxsplit=2)
        if len(parts) < 3:
            return self._incomplete()
        # Headers may be missing, as before the media of rclone: then an empty line comes at once.
        first, second = (_HEADERS_END.split(part, maxsplit=1) for part in parts[1:])
        if len(second) < 2:
            return self._incomplete()
        kind = _CONTENT_TYPE.search(second[0])
        self.content_type = kind[1].decode("latin-1").strip() if kind else None
        self.resource = parse_object(first[-1].strip())
        self._end = (b"\r\n" if re.match(rb"[^\n]*\r\n", self._head) else b"\n") + self._end
        self._head = b""
        return second[1]

    def _incomplete(self) -> bytes:
        if len(self._head) > _HEAD_LIMIT:
            raise bad_request(f"The resource before the media is larger than {_HEAD_LIMIT} bytes.")
        return b""
