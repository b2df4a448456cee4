"""Recordings in Cloud Storage, read through the GCS emulator a stretch at a time, each cut where it is quiet.

Speech-to-Text reads them as its own service account, not as its caller:
https://cloud.google.com/speech-to-text/docs/batch-recognize
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from urllib.parse import quote

import numpy as np
from grpc import StatusCode
from numpy.typing import NDArray

from ...accounts import headers_of
from ...errors import CallFailed
from ...rest import fetch
from .recogniser import RATE

LONGEST = 480 * 60
"""Seconds of a recording, at most, as Google's."""
_STRETCH = 10  # seconds that are heard at a time
_SEARCHED = 3  # seconds at a stretch's end in which the quietest place is looked for
_WINDOW = RATE // 5  # samples of that place
_CODES = {401: StatusCode.PERMISSION_DENIED, 403: StatusCode.PERMISSION_DENIED, 404: StatusCode.NOT_FOUND}

Samples = NDArray[np.int16]


class RecordingError(Exception):
    """The recording cannot be heard. `code` is a google.rpc.Code."""

    def __init__(self, code: StatusCode, message: str) -> None:
        super().__init__(code, message)  # both, so that it passes between processes
        self.code = code

    def __str__(self) -> str:
        return str(self.args[1])


def stretches(uri: str, storage: str, account: str) -> Iterator[tuple[int, Samples]]:
    """The recording at `uri` (LINEAR16, one channel, RATE), each part with the sample it begins at.

    `storage` is the GCS emulator's host:port, which `account` reads from. Raises RecordingError.
    """
    try:
        headers = headers_of(storage, account)
    except CallFailed as error:
        raise RecordingError(StatusCode.UNAVAILABLE, f"Error opening file: {uri}.") from error
    whole = _size(uri, storage, headers) // 2
    if whole > LONGEST * RATE:
        raise RecordingError(StatusCode.INVALID_ARGUMENT, "Audio can be of a maximum of 480 minutes.")
    at = 0
    while at < whole:
        end = min(whole, at + _STRETCH * RATE)
        read = _read(uri, storage, headers | {"Range": f"bytes={2 * at}-{2 * end - 1}"}, "?alt=media")
        samples = np.frombuffer(read, "<i2").astype(np.int16)
        kept = samples if end == whole else samples[: _quietest(samples)]
        yield at, kept
        at += kept.size


def _quietest(samples: Samples) -> int:
    """The middle of the quietest place near the end."""
    searched = samples[-_SEARCHED * RATE :].astype(np.int64) ** 2
    loudness = np.convolve(searched, np.ones(_WINDOW), "valid")
    return samples.size - searched.size + int(np.argmin(loudness)) + _WINDOW // 2


def _size(uri: str, storage: str, headers: Mapping[str, str]) -> int:
    return int(json.loads(_read(uri, storage, headers))["size"])


def _read(uri: str, storage: str, headers: Mapping[str, str], query: str = "") -> bytes:
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    if not uri.startswith("gs://") or not bucket or not name:
        raise RecordingError(StatusCode.INVALID_ARGUMENT, f"Invalid GCS path specified: {uri}")
    path = f"/storage/v1/b/{quote(bucket, safe='')}/o/{quote(name, safe='')}{query}"
    try:
        return fetch("GET", storage, path, headers=headers)
    except CallFailed as error:
        code = _CODES.get(error.status or 0, StatusCode.UNAVAILABLE)
        raise RecordingError(code, f"Error opening file: {uri}.") from error
