"""Objects and documents that the tests saw written more than once a second.

Cloud Storage refuses such writes of an object; Firestore delays those of a document, or fails them by contention. The
emulators let them pass: they are reported when the tests end. The product never writes a playlist so fast: a test in
which it does fails.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from emulator.emulators.firestore.record import WRITES
from emulator.rates import Excess, WriteRates

NEVER = re.compile(r"[^/]+/playlists/[^/]+/[^/]+/\w+\.m3u8")
"""Objects, with their bucket, that must not be written more than once a second."""
_OURS = re.compile(r"[^/]+/(segments|playlists|frames|staging|brands|uploads)/")
_ALL: list[WriteRates] = []


class Written:
    """The changes of one emulator's objects, as its journal has them."""

    def __init__(self) -> None:
        self._rates = WriteRates()
        _ALL.append(self._rates)

    def feed(self, change: Mapping[str, Any]) -> str | None:
        """One change; what is wrong with it, where it came too soon and never may."""
        if change["type"] not in ("OBJECT_FINALIZE", "OBJECT_METADATA_UPDATE"):
            return None
        name = f"{change['bucket']}/{change['name']}"
        soon = self._rates.note(name, change["at"])
        return f"{name} was written more than once a second" if soon and NEVER.fullmatch(name) else None


def documents(folder: Path) -> list[Excess]:
    """The documents that processes of local stacks, which note their writes in `folder`, have written too fast.

    This process does not count: a test hands the product events faster than the world does.
    """
    lines = [
        json.loads(line)
        for path in folder.glob(f"*{WRITES}")
        if path.stem != str(os.getpid())
        for line in path.read_text().splitlines()
    ]
    rates = WriteRates()
    for line in sorted(lines, key=lambda one: one["at"]):
        rates.note(line["document"], line["at"])
    return rates.over()


def report() -> list[Excess]:
    """Objects that belong to the product and were written too fast, the worst first."""
    found = [one for rates in _ALL for one in rates.over() if _OURS.match(one.name)]
    return sorted(found, key=lambda one: (-one.over, one.name))
