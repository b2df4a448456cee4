"""Makes everything once: a stamp says from which inputs, and is written last."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import marks
from .encode import encode
from .footage import path_of
from .render import appearances, render, truth
from .scenario import FPS, FRAMES, SHOTS
from .timecode import TimeCode

CACHE = Path(__file__).parents[4] / ".local" / "cache" / "npm"


@dataclass(frozen=True, slots=True)
class Media:
    """The sample clip and marks, under `folder`."""

    folder: Path

    @property
    def clip(self) -> Path:
        """The sample clip."""
        return self.folder / "sample.mp4"

    @property
    def truth(self) -> Path:
        """The ground truth of the clip."""
        return self.folder / "sample.truth.json"

    @property
    def marks(self) -> Path:
        """The gallery: `marks.json` and a folder for each brand."""
        return self.folder / "marks"


def make(out: Path, count: int, progress: Callable[[int, int], None]) -> Media:
    """Makes what is missing or out of date in `out`; `count` marks in the gallery.

    `progress` is told pictures done and pictures in all. Processes that do this at once wait for each other, and
    files are replaced whole, so that a reader never meets half of one. Raises pipeline's Unavailable.
    """
    out.mkdir(parents=True, exist_ok=True)
    media, stamp = Media(out), out / "stamp"
    with _locked(out / "lock"):
        wanted = _inputs(count)
        if stamp.exists() and stamp.read_text() == wanted:
            return media
        stamp.unlink(missing_ok=True)
        scratch = out / "unfinished"
        shutil.rmtree(scratch, ignore_errors=True)
        (scratch / "marks").mkdir(parents=True)
        _make(Media(scratch), count, progress)
        shutil.rmtree(media.marks, ignore_errors=True)
        for made in scratch.iterdir():
            made.replace(out / made.name)
        scratch.rmdir()
        stamp.write_text(wanted)
    return media


def _make(media: Media, count: int, progress: Callable[[int, int], None]) -> None:
    archive, timecode = marks.fetch(CACHE), TimeCode()
    marks.write_gallery(media.marks, archive, count)
    shown = appearances(archive)
    facts = truth(shown, timecode, media.clip.name)
    media.truth.write_text(json.dumps(facts, indent=1) + "\n")

    def counted() -> Iterator[marks.Picture]:
        for number, picture in enumerate(render(shown, timecode), 1):
            yield picture
            progress(number, FRAMES)

    encode(media.clip, counted(), FPS)


def _inputs(count: int) -> str:
    """A digest of all that the result depends on: this package's source, the footage, the marks."""
    digest = hashlib.sha256(f"{count} {marks.VERSION} {marks.SHA512}".encode())
    footage = sorted({path_of(shot.file) for shot in SHOTS})
    for path in [*sorted(Path(__file__).parent.glob("*.py")), *footage]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _locked(path: Path) -> Generator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
