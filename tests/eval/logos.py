"""The table of the logo finders: recall, precision, overlap, time, false alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from emulator.sample.media.marks import CATALOG
from pipeline.detection.logos import Mark

from . import alarms, marks, scenes
from .emulated import vision_emulator
from .finders import Finder, Missing, gallery, tiny_clip
from .pictures import pictures
from .reshot import photographed
from .split import Part
from .tally import Tally

SEEDS = {"scenes": 20280, "scenes of the clip's marks": 20281, "footage": 20282, "photographed marks": 20283}
WITH_MARK, WITHOUT = 160, 80
Figures = dict[str, float | str]


@dataclass(frozen=True)
class Column:
    """A finder, opened when its turn comes, whose scenes it is shown (the clip's marks', or those reported), and
    whether it sees the footage without marks: the Vision emulator has the gallery's matcher."""

    name: str
    opened: Callable[[Sequence[Mark]], AbstractContextManager[Finder]]
    clips_marks: bool = False
    alarms: bool = True


@contextmanager
def _at_hand(finder: Finder) -> Iterator[Finder]:
    yield finder


COLUMNS = (
    Column("gallery", lambda known: _at_hand(gallery(known))),
    Column(
        "gallery, marks photographed",
        lambda known: _at_hand(gallery(photographed(known, SEEDS["photographed marks"]))),
    ),
    Column("Vision emulator", vision_emulator, alarms=False),
    Column("gallery, the clip's marks", lambda known: _at_hand(gallery(known)), clips_marks=True, alarms=False),
    Column("CLIP (tiny), the clip's marks", lambda _: _at_hand(tiny_clip()), clips_marks=True),
)


def table(progress: Callable[[str], None]) -> dict[str, Figures]:
    """Figures of each column, by name."""
    made: dict[str, Figures] = {}
    for clips_marks in (False, True):
        known, strange = _marks(clips_marks)
        seed = SEEDS["scenes of the clip's marks" if clips_marks else "scenes"]
        progress("making the scenes …")
        shown = list(scenes.scenes(known, strange, pictures(Part.REPORTING), seed, WITH_MARK, WITHOUT))
        for column in COLUMNS:
            if column.clips_marks == clips_marks:
                progress(f"{column.name} …")
                try:
                    with column.opened(known) as find:
                        made[column.name] = _figures(find, shown, column.alarms)
                except Missing as missing:
                    made[column.name] = {"recall from 80 px": str(missing)}
    return {column.name: made[column.name] for column in COLUMNS}


def _marks(clips_marks: bool) -> tuple[list[Mark], list[Mark]]:
    """To look for, and strangers."""
    if not clips_marks:
        return marks.gallery(Part.REPORTING), marks.strangers(Part.REPORTING)
    own = {mark.brand for mark in CATALOG}
    return [mark for mark in marks.gallery(Part.TUNING) if mark.brand in own], marks.strangers(Part.REPORTING)


def _figures(find: Finder, shown: Sequence[scenes.Scene], with_alarms: bool) -> Figures:
    tally = Tally()
    find(shown[0].image)  # what is done once is not a frame's
    for scene in shown:
        tally.add(scene, *find(scene.image))
    figures: Figures = dict(tally.figures())
    if with_alarms:
        count = sum(len(find(picture)[0]) for picture in alarms.unmarked(Part.REPORTING, SEEDS["footage"]))
        figures["false alarms an hour"] = count * 3600 / alarms.SECONDS
    return figures
