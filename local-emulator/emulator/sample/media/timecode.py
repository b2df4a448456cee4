"""A frame number burnt into the picture: what a test reads back to know which frame it is looking at.

`bits` + 2 square cells in a row from (x, y): white, black, then the number, most significant bit first, white for 1;
on a black surround.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class TimeCode:
    """The place of the time code, in px."""

    x: int = 16
    y: int = 16
    cell: int = 12
    bits: int = 16

    def draw(self, picture: Picture, number: int) -> None:
        """Burns `number`, modulo 2 ** bits, into `picture` (height, width, 3)."""
        margin = self.cell // 2
        width = (self.bits + 2) * self.cell
        picture[self.y - margin : self.y + self.cell + margin, self.x - margin : self.x + width + margin] = 0
        cells = [True, False, *(bool(number >> shift & 1) for shift in reversed(range(self.bits)))]
        for i, white in enumerate(cells):
            if white:
                left = self.x + i * self.cell
                picture[self.y : self.y + self.cell, left : left + self.cell] = 255

    def read(self, picture: Picture) -> int | None:
        """The number burnt into `picture` (height, width[, 3]), None if it has none."""
        inner = self.cell // 4  # compression blurs the cells' edges
        row = picture[self.y + inner : self.y + self.cell - inner, self.x : self.x + (self.bits + 2) * self.cell]
        gray = row if row.ndim == 2 else row.mean(axis=2)
        levels = gray.reshape(gray.shape[0], self.bits + 2, self.cell)[:, :, inner : self.cell - inner].mean(
            axis=(0, 2)
        )
        if levels[0] < 160 or levels[1] > 96:
            return None
        return int("".join("1" if level > 128 else "0" for level in levels[2:]), 2)
