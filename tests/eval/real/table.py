"""The table of real scenes: recall in each condition, and what is named wrongly in all of them."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator

from .. import marks
from ..finders import gallery
from ..pictures import pictures
from ..split import Part
from ..tally import Tally
from .conditions import CONDITIONS
from .scenes import scenes, unmarked

SEED = 20291
SCENES, UNMARKED = 30, 88  # of each condition; without a mark of the gallery


def table(part: Part, count: int = SCENES, without: int = UNMARKED) -> Iterator[dict[str, object]]:
    """A row for each condition, then one of all."""
    known = marks.broad(part)
    find, whole, wide = gallery(known), Tally(), marks.wordmarks(part)
    shown: dict[str, Callable[[str], bool]] = {
        "all": lambda _: True,
        "alike": lambda brand: brand in marks.ALIKE[part].split(),
        "wordmarks": lambda brand: brand in wide,
    }
    for name, condition in CONDITIONS.items():
        tally = Tally()
        some = [mark for mark in known if shown[condition.marks](mark.brand)]
        for scene in scenes(name, some, pictures(part), SEED, count):
            found, seconds = find(scene.image)
            tally.add(scene, found, seconds)
            whole.add(scene, found, seconds)
        yield _row(name, tally)
    for scene in unmarked(marks.strangers(part), pictures(part), SEED, without):
        whole.add(scene, *find(scene.image))
    yield _row("all, and scenes without a mark", whole)


def _row(name: str, tally: Tally) -> dict[str, object]:
    return {
        "scenes": name,
        "found": f"{tally.recall():.2f}",
        "precision": f"{tally.precision():.3f}",
        "overlap": f"{tally.overlap():.2f}",
        "ms of processor a frame": f"{1000 * statistics.median(tally.seconds):.0f}",
    }
