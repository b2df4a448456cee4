"""Groups of boxes that lie close for their size: the letters of a word, the bars of a mark."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from .model import Indices, Rects

GAPS = (0.25, 0.6)  # between two boxes, over the larger one's size, at most
MAX_SIZE_RATIO = 3.0  # of two boxes' sizes, at most
LETTERS = (1.7, 0.4, 0.8)  # ratio of heights, distance of middles and gap over the taller one's height, at most
MAX_BOXES = 100  # boxes; smaller ones are left out
MAX_MEMBERS = 16  # of a group, at most


def groups(rects: Rects) -> Iterator[Indices]:
    """Indices of each group of two or more of the boxes, which have shape (n, 4): x, y, width, height."""
    if len(rects) < 2:
        return
    size = rects[:, 2:].max(axis=1)
    if len(rects) > MAX_BOXES:
        kept = np.sort(np.argpartition(size, -MAX_BOXES)[-MAX_BOXES:])
        yield from (kept[members] for members in groups(rects[kept]))
        return
    for links in _links(rects, size):
        labels = _reached(links)
        order = np.argsort(labels, kind="stable")
        ordered = labels[order]
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1], [True])))
        for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True):
            if 2 <= end - start <= MAX_MEMBERS:
                yield order[start:end]


def _links(rects: Rects, size: NDArray[np.int32]) -> Iterator[NDArray[np.bool_]]:
    """Matrices (n, n) of the boxes that belong together: by size and nearness, twice, and as letters of a line."""
    x, y, wide, tall = rects.T
    apart = np.maximum(_gaps(x, wide), _gaps(y, tall))
    larger = np.maximum(size[:, None], size[None])
    alike = larger <= MAX_SIZE_RATIO * np.minimum(size[:, None], size[None])
    for gap in GAPS:
        yield alike & (apart <= gap * larger)
    ratio, distance, gap = LETTERS
    taller, middle = np.maximum(tall[:, None], tall[None]), y + tall / 2
    inline = np.abs(middle[:, None] - middle[None]) <= distance * taller
    yield inline & (taller <= ratio * np.minimum(tall[:, None], tall[None])) & (apart <= gap * taller)


def _gaps(low: NDArray[np.int32], length: NDArray[np.int32]) -> NDArray[np.int32]:
    """Gaps between each two of n stretches, (n, n); negative if they overlap."""
    after = low[:, None] - (low + length)[None]
    return np.maximum(after, after.T)


def _reached(links: NDArray[np.bool_]) -> Indices:
    """The smallest index that each can reach, for a symmetric matrix (n, n) with a true diagonal: shape (n,)."""
    labels = np.arange(len(links))
    while True:
        reached = np.where(links, labels[None], len(links)).min(axis=1)
        reached = reached[reached]
        if (reached == labels).all():
            return labels
        labels = reached
