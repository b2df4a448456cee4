"""The clip's pictures, one by one, and the ground truth that goes with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import marks, overlay
from .footage import pictures
from .scenario import FPS, FRAMES, HEIGHT, SHOTS, SPONSORS, TITLES, WIDTH, Sponsor
from .timecode import TimeCode
from .tracks import Track, eased

Picture = NDArray[np.uint8]
TITLE_AT = (88, 588)  # px, the title's left top corner


@dataclass(frozen=True, slots=True)
class Appearance:
    """A sponsor's mark, ready to be placed, and where it goes."""

    sponsor: Sponsor
    sign: overlay.Sign
    track: Track


def appearances(archive: Path) -> tuple[Appearance, ...]:
    """Those of the scenario, drawn from the archive of marks."""
    found: list[Appearance] = []
    for sponsor in SPONSORS:
        largest = round(max(key.side for key in sponsor.keys))
        glyph = marks.draw(marks.read_path(archive, sponsor.brand), sponsor.ink, largest)
        track = eased(sponsor.keys, glyph.shape[1] / glyph.shape[0], (WIDTH, HEIGHT))
        found.append(Appearance(sponsor, overlay.sign(glyph, sponsor.plate), track))
    return tuple(found)


def render(shown: tuple[Appearance, ...], timecode: TimeCode) -> Iterator[Picture]:
    """BGR pictures, `FPS` a second."""
    titles = [(title, overlay.title(title.text)) for title in TITLES]
    left, top = TITLE_AT
    for number, footage in enumerate(islice(pictures(SHOTS), FRAMES)):
        picture, t = footage.copy(), number / FPS
        for appearance in shown:
            box = appearance.track.at(t)
            if box is not None:
                shade = overlay.opacity(t, appearance.track.start, appearance.track.end)
                overlay.place(picture, appearance.sign, box, shade)
        for title, layer in titles:
            if title.start <= t <= title.end:
                region = picture[top : top + layer.shape[0], left : left + layer.shape[1]]
                overlay.blend(region, layer, overlay.opacity(t, title.start, title.end))
        timecode.draw(picture, number)
        yield picture


def truth(shown: tuple[Appearance, ...], timecode: TimeCode, clip: str) -> dict[str, Any]:
    """The ground truth of the clip: times in seconds, boxes in 0..1, track points joined linearly."""
    names = {mark.brand: mark.name for mark in marks.CATALOG}
    return {
        "clip": clip,
        "duration": FRAMES / FPS,
        "fps": FPS,
        "width": WIDTH,
        "height": HEIGHT,
        "timecode": asdict(timecode),
        "appearances": [
            {
                "brand": appearance.sponsor.brand,
                "label": names[appearance.sponsor.brand],
                "from": appearance.track.start,
                "to": appearance.track.end,
                "track": [{"t": point.t, **asdict(point.box)} for point in appearance.track.points],
            }
            for appearance in shown
        ],
        "texts": [{"text": title.text, "from": title.start, "to": title.end} for title in TITLES],
    }
