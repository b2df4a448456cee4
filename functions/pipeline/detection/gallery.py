"""Provider `gallery`: looks for the brands' reference marks in this process, free of charge."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from threading import BoundedSemaphore, Lock

import cv2
from google.api_core.exceptions import NotFound

from ..cloud.clients import media_bucket
from ..documents.references import picture
from ..domain.model import Analysis, Brand, Detection, Kind
from ..domain.providers import ProviderInfo
from . import digests, logos, mark_choice
from .base import DetectRequest, Image
from .logos import THRESHOLD, Gallery, LogoMatch, Mark
from .logos.references import Reference, references

log = logging.getLogger(__name__)
_MODEL = "shape-sift"
_CODE = sorted(one for one in Path(logos.__file__).parent.iterdir() if one.suffix in (".py", ".npz"))  # and weights
_TIMEOUT = 20  # seconds
_AT_ONCE = BoundedSemaphore(2)  # looks: each takes a core and up to a hundred megabytes
_SIDE = 512  # pixels of a mark's longer side; the matcher looks at fewer
_One = tuple[str, str, int]  # a brand's id and version, and how many of its marks are looked for


class GalleryDetector:
    """One gallery of all brands that are enabled, made again when one of them has changed."""

    def __init__(self) -> None:
        self._key: tuple[_One, ...] = ()
        self._gallery = Gallery.load([])
        self._prepared: dict[_One, list[Reference]] = {}  # of the brands in the gallery
        self._making = Lock()
        self._looking = 0
        cv2.setNumThreads(1)  # other frames use the other cores

    @property
    def info(self) -> ProviderInfo:
        """`queue` is the number of frames that it looks at now."""
        return ProviderInfo(_MODEL, "cpu", self._looking)

    def detect(self, image: Image, request: DetectRequest) -> tuple[Analysis, ...]:
        """Looks for every enabled brand that has a mark. Raises Poison, Stale."""
        return tuple(self.look(image, kind, request, "gallery") for kind in request.kinds)

    def look(self, image: Image, kind: Kind, request: DetectRequest, provider: str) -> Analysis:
        """The same for one kind, in the name of `provider`."""
        gallery, pixels = self._of(request.brands), image.pixels
        self._looking += 1  # a rough figure: threads may miss each other
        own = [brand.threshold for brand in request.brands if brand.threshold is not None]
        try:
            with _AT_ONCE:
                started = time.monotonic()
                matches = gallery.find(pixels, min([THRESHOLD, request.threshold, *own]))
        finally:
            self._looking -= 1
        took_ms = round((time.monotonic() - started) * 1000)
        found = tuple(_detection(match) for match in matches)
        return Analysis(kind, provider, _MODEL, took_ms, found, digest=digests.of_files(*_CODE))

    def _of(self, brands: Sequence[Brand]) -> Gallery:
        """The gallery of `brands`. While one thread makes it, the others wait: an older one would miss a brand."""
        marked = {(one.id, one.version, len(one.references)): one for one in mark_choice.chosen(brands)}
        key = tuple(marked)
        with self._making:
            if key != self._key:
                started = time.monotonic()
                # What did not change is prepared already: only a new brand's marks cost more than indexing them.
                prepared = {
                    one: self._prepared[one] if one in self._prepared else references(_marks(brand))
                    for one, brand in marked.items()
                }
                self._gallery = Gallery([mark for each in prepared.values() for mark in each])
                self._prepared, self._key = prepared, key
                count = sum(len(each) for each in prepared.values())
                log.info("a gallery of %d marks, made in %.1f s", count, time.monotonic() - started)
                if left := _marks_of(brands) - _marks_of(marked.values()):
                    log.warning("%d reference marks are not looked for: a gallery has %d", left, mark_choice.MOST)
            return self._gallery


def _detection(match: LogoMatch) -> Detection:
    corners = tuple(round(number, 5) for corner in match.corners for number in corner)
    return Detection(match.brand, round(match.score, 4), Kind.LOGO, match.box, corners)


def _marks_of(brands: Iterable[Brand]) -> int:
    return sum(len(brand.references) for brand in brands)


def _marks(brand: Brand) -> Iterator[Mark]:
    """One after another: a picture may take 100 MB until it is small."""
    for name in brand.references:
        try:
            data = media_bucket().blob(name).download_as_bytes(timeout=_TIMEOUT)
        except NotFound:
            log.error("brand %s: its reference mark %s no longer exists", brand.id, name)
            continue
        image = picture.decode(data)
        if image is None:
            log.error("brand %s: its reference mark %s is not an 8-bit picture", brand.id, name)
            continue
        yield Mark(brand.id, picture.within(image, _SIDE))
