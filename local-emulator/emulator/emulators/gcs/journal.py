"""Every change of an object, in the order it took effect, for tests that judge what was ever readable.

A line of JSON per change in `{folder}/{process id}.jsonl`; the bytes of playlists and segments in files beside it,
since an overwritten version can no longer be downloaded. A reader may delete what it has read.
"""

from __future__ import annotations

import json
import os
from contextlib import closing
from pathlib import Path
from typing import Any

from .events import FINALIZE, Event
from .store.blobs import Blobs

KEPT = ("application/vnd.apple.mpegurl", "video/mp2t")
"""Content types whose bytes are kept."""


class Journal:
    """Writes each change before it is answered: changes that depend on it come later in the file too."""

    def __init__(self, folder: Path, blobs: Blobs) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._blobs = blobs
        self._file = (folder / f"{os.getpid()}.jsonl").open("a", buffering=1)

    def note(self, event: Event) -> None:
        """One change."""
        stored = event.stored
        line: dict[str, Any] = {
            "at": event.at / 1e6,
            "type": event.type,
            "bucket": stored.bucket,
            "name": stored.name,
            "metadata": stored.fields.get("metadata") or {},
            "replaced": event.type != FINALIZE and event.other is not None,
        }
        if event.type == FINALIZE and stored.fields.get("contentType") in KEPT:
            line["bytes"] = f"{os.getpid()}-{stored.generation}"
            self._keep(self._folder / str(line["bytes"]), stored.content.blob, stored.content.size)
        self._file.write(json.dumps(line) + "\n")

    def _keep(self, path: Path, blob: str, size: int) -> None:
        with closing(self._blobs.open(blob)) as reader:
            path.write_bytes(reader.read(0, size))
