"""Uploads as a browser sends them: a signed request, then pieces, with pauses in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import requests
from google.cloud.firestore import DocumentSnapshot, FieldFilter
from tests.wait import until

from emulator.declaration.endpoints import Endpoints
from emulator.sample import streams
from pipeline.cloud.clients import firestore_client

PAGE = "http://127.0.0.1:1"  # any origin: the bucket lets the declared ones in
PIECE = 1 << 20


@dataclass
class Upload:
    """One upload under way: `location` is the resumable session's address."""

    object: str
    location: str
    size: int

    def put(self, data: bytes, first: int, last: int) -> requests.Response:
        """A piece, both ends included."""
        headers = {"Content-Range": f"bytes {first}-{last}/{self.size}", "Origin": PAGE}
        return requests.put(self.location, data=data[first : last + 1], headers=headers, timeout=30)

    def offset(self) -> int:
        """How many bytes are there, as a page asks after a reload."""
        headers = {"Content-Range": f"bytes */{self.size}", "Origin": PAGE}
        answer = requests.put(self.location, headers=headers, timeout=30)
        assert answer.status_code == 308, answer.text
        return int(answer.headers["Range"].rpartition("-")[2]) + 1 if "Range" in answer.headers else 0

    def send(self, data: bytes, first: int = 0) -> None:
        """The rest, from `first` on."""
        for start in range(first, self.size, PIECE):
            answer = self.put(data, start, min(start + PIECE, self.size) - 1)
            assert answer.status_code == (200 if start + PIECE >= self.size else 308), answer.text


def ask(endpoints: Endpoints, stream: str, key: str, **fields: Any) -> requests.Response:
    """The API's answer to the wish to upload."""
    url = f"{endpoints.api.rstrip('/')}/streams/{stream}/uploads"
    return requests.post(url, headers={"Authorization": f"Bearer {key}"}, json=fields, timeout=30)


def begin(endpoints: Endpoints, stream: str, key: str, name: str, size: int) -> Upload:
    """An upload that has begun, as the answer said that it should."""
    upload = ask(endpoints, stream, key, name=name, size=size, content_type="video/mp4").json()["upload"]
    headers = upload["headers"] | {"Origin": PAGE}
    started = requests.request(upload["method"], upload["url"], headers=headers, timeout=30)
    assert started.status_code == 201, started.text
    assert "location" in started.headers["Access-Control-Expose-Headers"].lower()
    return Upload(upload["object"], started.headers["Location"], size)


def upload(endpoints: Endpoints, stream: str, key: str, name: str, data: bytes) -> str:
    """Sends a whole file; its object's name."""
    begun = begin(endpoints, stream, key, name, len(data))
    begun.send(data)
    return begun.object


def new_stream(endpoints: Endpoints, stream: str) -> str:
    """A new stream's key."""
    return streams.recreate(endpoints, stream, stream.capitalize())


def ended(stream: str, object_name: str, within: float = 120) -> tuple[str, dict[str, Any]]:
    """Session id and fields of the import of an object, once it has ended."""
    query = (
        firestore_client()
        .collection(f"streams/{stream}/imports")
        .where(filter=FieldFilter("object", "==", object_name))
    )

    def over() -> DocumentSnapshot | None:
        found = list(query.stream())
        return found[0] if found and found[0].get("state") in ("done", "error") else None

    def missing() -> str:
        return f"the import of {object_name} (it is {[document.to_dict() for document in query.stream()]})"

    document = until(over, within, missing)
    return document.id, document.to_dict() or {}
