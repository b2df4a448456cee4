"""A file fetched once: its size and SHA-256 known beforehand, whole or not there at all."""

from __future__ import annotations

import hashlib
import os
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import urlparse

from ...errors import DownloadFailed

_CHUNK = 1 << 20
_TIMEOUT = 30.0  # s without a byte


@dataclass(frozen=True, slots=True)
class Source:
    """An address, its size in bytes and its SHA-256 in hexadecimal."""

    url: str
    size: int
    sha256: str


def download(source: Source, folder: Path, progress: Callable[[str], None]) -> Path:
    """The file, fetched unless it is in `folder` already. Raises DownloadFailed, or OSError where nothing answers."""
    path = folder / PurePosixPath(urlparse(source.url).path).name
    if path.exists() and path.stat().st_size == source.size:
        return path
    folder.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        _fetch(source, part, progress)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def _fetch(source: Source, part: Path, progress: Callable[[str], None]) -> None:
    digest, got, told = hashlib.sha256(), 0, -1
    with urllib.request.urlopen(source.url, timeout=_TIMEOUT) as response, part.open("wb") as file:
        while chunk := response.read(_CHUNK):
            got += len(chunk)
            if got > source.size:
                break
            digest.update(chunk)
            file.write(chunk)
            if (tenth := 10 * got // source.size) > told:
                told = tenth
                progress(f"downloading {source.size / 1e6:.0f} MB, {10 * tenth} %")
    if got != source.size or digest.hexdigest() != source.sha256:
        raise DownloadFailed(
            f"{source.url} is not what was published: {got} bytes, SHA-256 {digest.hexdigest()}; "
            f"expected {source.size} bytes, {source.sha256}"
        )
