"""The hard clip: marks lie where its truth says, and each is hard for a reason that is named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from emulator.sample.hard_clip.board import Place, box, lay, outline, seen
from emulator.sample.hard_clip.scenario import MARKS, Hard
from emulator.sample.media import overlay
from emulator.sample.media.scenario import HEIGHT, WIDTH

PLAIN = Hard("none", "#ffffff", None, "as it is", (), strength=1.0)
AT = Place(640, 360, 200)


def glyph() -> overlay.Picture:
    """A white bar, 120×60, opaque."""
    return np.full((60, 120, 4), 255, np.uint8)


def drawn(mark: Hard) -> np.ndarray:
    """Where it covers a black picture."""
    picture = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    lay(picture, overlay.sign(glyph(), None), mark, AT, 1.0)
    return picture


def truth(mark: Hard) -> tuple[float, float, float, float]:
    """Left, top, right and bottom in px."""
    found = box(seen(overlay.sign(glyph(), None), outline(glyph()), mark, AT), (WIDTH, HEIGHT))
    return found.x * WIDTH, found.y * HEIGHT, (found.x + found.width) * WIDTH, (found.y + found.height) * HEIGHT


@pytest.mark.parametrize("change", [{}, {"turned": 55}, {"turned": -30}, {"tilted": 40}, {"turned": 30, "tilted": 20}])
def test_a_mark_is_drawn_where_the_truth_says(change: dict[str, float]) -> None:
    mark = replace(PLAIN, **change)
    rows, columns = np.nonzero(drawn(mark)[:, :, 0] > 127)
    assert (columns.min(), rows.min(), columns.max(), rows.max()) == pytest.approx(truth(mark), abs=4)


def test_a_board_that_is_turned_away_is_narrow_and_its_near_side_tall() -> None:
    left, top, right, bottom = truth(replace(PLAIN, turned=55))
    assert right - left < 0.65 * 200
    columns = (drawn(replace(PLAIN, turned=55))[:, :, 0] > 127).sum(axis=0)
    assert columns[round(left) + 3] > 1.2 * columns[round(right) - 3]
    assert bottom > top


def test_a_pillar_covers_its_share_and_the_truth_is_still_around_the_whole() -> None:
    whole, hidden = (drawn(replace(PLAIN, hidden=share))[:, :, 0] == 255 for share in (0.0, 0.5))
    assert hidden.sum() == pytest.approx(whole.sum() / 2, rel=0.05)
    assert truth(replace(PLAIN, hidden=0.5)) == truth(PLAIN)


def test_each_mark_of_the_clip_is_hard_in_a_way_of_its_own_and_is_said_to_be() -> None:
    assert len({mark.why for mark in MARKS}) == len(MARKS) == len({mark.brand for mark in MARKS})
    plain = [
        mark
        for mark in MARKS
        if not (mark.turned or mark.tilted or mark.hidden or mark.smeared or mark.strength < 1)
        and min(key.side for key in mark.keys) > 40
    ]
    assert plain == []
