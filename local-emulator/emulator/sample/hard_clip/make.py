"""Makes the clip and its truth, once: a stamp says from which inputs, and is written last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import numpy as np

from ..media import marks, overlay
from ..media.encode import encode
from ..media.footage import path_of, pictures
from ..media.make import CACHE
from ..media.render import TITLE_AT
from ..media.scenario import FPS, HEIGHT, WIDTH
from ..media.timecode import TimeCode
from .board import Place, Points, box, lay, outline, seen
from .scenario import FRAMES, MARKS, SHOTS, TITLES, Hard

NOTE = (
    "What looks here is the product's own matcher, with the drawings that these marks were made from. They are shown "
    "as it finds them hard, so some are missed. How well each provider sees: docs/evaluation.md."
)


@dataclass(frozen=True, slots=True)
class _Shown:
    mark: Hard
    sign: overlay.Sign
    ink: Points

    @classmethod
    def of(cls, archive: Path, mark: Hard) -> _Shown:
        """Drawn from the archive of marks."""
        largest = round(max(key.side for key in mark.keys))
        glyph = marks.draw(marks.read_path(archive, mark.brand), mark.ink, max(largest, 128))
        return cls(mark, overlay.sign(glyph, mark.plate), outline(glyph))

    def place(self, t: float) -> Place | None:
        """Where it is at `t` seconds."""
        for a, b in pairwise(self.mark.keys):
            if a.t <= t <= b.t:
                s = (t - a.t) / (b.t - a.t)
                s = s * s * (3 - 2 * s)
                return Place(a.x + (b.x - a.x) * s, a.y + (b.y - a.y) * s, a.side + (b.side - a.side) * s)
        return None


def make(out: Path) -> Path:
    """The clip in `out`, made if it is missing or out of date; its truth beside it. Raises pipeline's Unavailable."""
    clip, stamp, wanted = out / "hard.mp4", out / "stamp", _inputs()
    if stamp.exists() and stamp.read_text() == wanted:
        return clip
    out.mkdir(parents=True, exist_ok=True)
    archive, timecode = marks.fetch(CACHE), TimeCode()
    shown = [_Shown.of(archive, mark) for mark in MARKS]
    clip.with_suffix(".truth.json").write_text(json.dumps(_truth(shown, timecode, clip.name), indent=1) + "\n")
    unfinished = clip.with_name("unfinished.mp4")
    encode(unfinished, _render(shown, timecode), FPS)
    unfinished.replace(clip)
    stamp.write_text(wanted)
    return clip


def _render(shown: Sequence[_Shown], timecode: TimeCode) -> Iterator[overlay.Picture]:
    titles = [(title, overlay.title(title.text)) for title in TITLES]
    left, top = TITLE_AT
    for number, footage in enumerate(islice(pictures(SHOTS), FRAMES)):
        picture, t = footage.copy(), number / FPS
        for one in shown:
            if place := one.place(t):
                lay(picture, one.sign, one.mark, place, overlay.opacity(t, one.mark.keys[0].t, one.mark.keys[-1].t))
        for title, layer in titles:
            if title.start <= t <= title.end:
                region = picture[top : top + layer.shape[0], left : left + layer.shape[1]]
                overlay.blend(region, layer, overlay.opacity(t, title.start, title.end))
        timecode.draw(picture, number)
        yield picture


def _truth(shown: Sequence[_Shown], timecode: TimeCode, clip: str) -> dict[str, Any]:
    """As of the sample clip; `difficulty` says why a mark is hard, and a box is around the whole mark."""
    names = {mark.brand: mark.name for mark in marks.CATALOG}
    return {
        "clip": clip,
        "duration": FRAMES / FPS,
        "fps": FPS,
        "width": WIDTH,
        "height": HEIGHT,
        "note": NOTE,
        "timecode": asdict(timecode),
        "appearances": [
            {
                "brand": one.mark.brand,
                "label": names[one.mark.brand],
                "difficulty": one.mark.why,
                "from": one.mark.keys[0].t,
                "to": one.mark.keys[-1].t,
                "track": _track(one),
            }
            for one in shown
        ],
        "texts": [{"text": title.text, "from": title.start, "to": title.end} for title in TITLES],
    }


def _track(one: _Shown) -> list[dict[str, float]]:
    first, last = one.mark.keys[0].t, one.mark.keys[-1].t
    times = np.linspace(first, last, round((last - first) / 0.2) + 1)
    points: list[dict[str, float]] = []
    for t in (round(float(time), 3) for time in times):
        place = one.place(min(t, last))
        assert place
        points.append({"t": t, **asdict(box(seen(one.sign, one.ink, one.mark, place), (WIDTH, HEIGHT)))})
    return points


def _inputs() -> str:
    """A digest of all that the result depends on."""
    digest = hashlib.sha256(f"{marks.VERSION} {marks.SHA512}".encode())
    sources = [*Path(__file__).parent.glob("*.py"), *Path(overlay.__file__).parent.glob("*.py")]
    for path in [*sorted(sources), *sorted({path_of(shot.file) for shot in SHOTS})]:
        digest.update(path.read_bytes())
    return digest.hexdigest()
