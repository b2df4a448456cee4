"""No test can produce a bad playlist unnoticed: what each one stored, anywhere, is judged when it ends.

Unit tests store into `tests.unit.ingest.world.Memory`, which makes a watch of its own with `watched()`. Everything else
stores into the GCS emulator, started by whomever: it writes a journal where GCS_JOURNAL says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from .rates import Written
from .watch import PlaylistWatch

_SEGMENT = re.compile(r"(?:batch/)?segments/[^/]+/[^/]+/\d+\.ts")
_PLAYLIST = re.compile(r"playlists/[^/]+/[^/]+/\w+\.m3u8")
_watches: list[PlaylistWatch] = []


def watched() -> PlaylistWatch:
    """A watch that is settled when the running test ends."""
    _watches.append(PlaylistWatch())
    return _watches[-1]


class Journal:
    """Follows what one GCS emulator writes down."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent
        self._file: IO[str] = path.open()
        self._partial = ""
        self._buckets: dict[str, PlaylistWatch] = {}
        self._written = Written()
        self.too_fast: list[str] = []

    def follow(self) -> list[str]:
        """Reads what was added, and says what was wrong with it."""
        for line in self._file:
            self._partial += line
            if line.endswith("\n"):
                change, self._partial = json.loads(self._partial), ""
                if fault := self._written.feed(change):
                    self.too_fast.append(fault)
                self._feed(self._buckets.setdefault(change["bucket"], PlaylistWatch()), change)
        return [fault for watch in self._buckets.values() for fault in watch.settle()]

    def _feed(self, watch: PlaylistWatch, change: dict[str, Any]) -> None:
        name, data = change["name"], b""
        if "bytes" in change:
            data = (self._folder / change["bytes"]).read_bytes()
            (self._folder / change["bytes"]).unlink()
        if change["type"] == "OBJECT_FINALIZE":
            if _SEGMENT.fullmatch(name):
                watch.segment(name, data, change["metadata"])
            elif _PLAYLIST.fullmatch(name):
                watch.playlist(name, data, change["at"])
        elif change["type"] in ("OBJECT_DELETE", "OBJECT_ARCHIVE") and not change["replaced"]:
            watch.deleted(name, change["at"])


class Journals:
    """Those of every GCS emulator that writes into `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[Path, Journal] = {}

    def follow(self) -> list[str]:
        """What was wrong with what was stored since the last call."""
        for path in sorted(self.folder.glob("*.jsonl")):
            self._known.setdefault(path, Journal(path))
        return [fault for journal in self._known.values() for fault in journal.follow()]

    def too_fast(self) -> list[str]:
        """What, of that, was written more than once a second and never may; asked once."""
        found = [fault for journal in self._known.values() for fault in journal.too_fast]
        for journal in self._known.values():
            journal.too_fast.clear()
        return found


@pytest.fixture(scope="session", autouse=True)
def journals(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journals]:
    """Asks every GCS emulator that is started from here on to write down what changes."""
    folder = tmp_path_factory.mktemp("journals")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GCS_JOURNAL", str(folder))
        yield Journals(folder)


@pytest.fixture(autouse=True)
def playlists_keep_the_rules(request: pytest.FixtureRequest, journals: Journals) -> Iterator[None]:
    """Fails a test that stored a playlist or a segment against the rules; `@pytest.mark.breaks_hls_rules` lets it.

    One that wrote a playlist more than once a second fails as well; `@pytest.mark.writes_fast` lets it.
    """
    _watches.clear()
    yield
    faults = [fault for watch in _watches for fault in watch.settle()] + journals.follow()
    if faults and not request.node.get_closest_marker("breaks_hls_rules"):
        pytest.fail("this test stored what breaks the rules of HLS:\n  " + "\n  ".join(faults[:40]), pytrace=False)
    fast = journals.too_fast()
    if fast and not request.node.get_closest_marker("writes_fast"):
        pytest.fail("in this test\n  " + "\n  ".join(fast[:40]), pytrace=False)
