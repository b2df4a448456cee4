"""The finder: from pictures to things, by words and by marks. One per process, shared by its threads."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.model import Kind

from ..batcher import Batcher
from ..requests import picture
from ..settings import Clip
from . import find, pictures
from .model import Owl, Patches
from .requests import FindRequest

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
_MOST_QUERIES = 5000  # of words, and as many of marks: 2 kB each
_TEMPLATE = "a photo of a {}"


class Queries:
    """Queries by what they were made of, those used last."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Floats] = OrderedDict()
        self._lock = Lock()

    def of(self, keys: Sequence[str], make: Callable[[Sequence[str]], Sequence[Floats]]) -> Mapping[str, Floats]:
        """One for each key; `make` makes those that are not known."""
        with self._lock:
            held = {key: self._known[key] for key in keys if key in self._known}
        missing = [key for key in dict.fromkeys(keys) if key not in held]
        if missing:
            held |= zip(missing, make(missing), strict=True)
        with self._lock:
            for key in held:
                self._known[key] = held[key]
                self._known.move_to_end(key)
            while len(self._known) > _MOST_QUERIES:
                self._known.popitem(last=False)
        return held

    def lacks(self, keys: Sequence[str]) -> list[str]:
        """Those that are not known."""
        with self._lock:
            return [key for key in dict.fromkeys(keys) if key not in self._known]


class Finder:
    """OWLv2, its batches, and the queries that it has made."""

    def __init__(self, settings: Clip, embedded: Callable[[int, float], None], model: Owl | None = None) -> None:
        """Loads the model of `settings` unless `model` is given. `embedded` is told of each batch, and its seconds."""
        self.model = model or Owl(settings.owl_model, settings.device, offline=settings.offline)
        self._embedded = embedded
        self._words, self._marks = Queries(), Queries()
        self._batcher = Batcher(self._embed, settings.owl_batch, settings.delay)

    def lacks(self, wanted: FindRequest) -> list[str]:
        """Digests of marks that the request names, does not send, and that are not known here."""
        named = [digest for brand in wanted.brands for digest in brand.marks if digest not in wanted.sent]
        return self._marks.lacks(named)

    def find(self, wanted: FindRequest) -> list[Mapping[str, Any]]:
        """One result per image: detections, and the milliseconds that they took. Raises BadRequest, NotFound."""
        began = time.monotonic()
        shown = [picture(image, number) for number, image in enumerate(wanted.images)]
        waiting = [self._batcher.submit(pictures.square(one, self.model.side)[None]) for one in shown]
        words, brands = self._of_words(wanted), self._of_brands(wanted)
        results: list[Mapping[str, Any]] = []
        for image, answer in zip(shown, waiting, strict=True):
            patches = Patches.of(answer.result()[0])
            found = [
                asdict(one) | {"kind": kind.value}
                for kind, things in ((Kind.OBJECT, words), (Kind.LOGO, brands))
                for one in find.find(patches, things, self.model.calibration, wanted.threshold, image.shape)
            ]
            results.append({"detections": found, "took_ms": round((time.monotonic() - began) * 1000)})
        return results

    def close(self) -> None:
        """Ends the thread of the batches."""
        self._batcher.close()

    def _of_words(self, wanted: FindRequest) -> list[find.Wanted]:
        asked = [_TEMPLATE.format(word) for word in wanted.words]
        known = self._words.of(asked, self._texts)
        return [find.Wanted(word, known[text][None]) for word, text in zip(wanted.words, asked, strict=True)]

    def _of_brands(self, wanted: FindRequest) -> list[find.Wanted]:
        """By its marks; a brand without any by its texts, whose confidences are lower."""
        marks = self._marks.of([d for brand in wanted.brands for d in brand.marks], lambda new: self._seen(new, wanted))
        texts = self._words.of([t for brand in wanted.brands if not brand.marks for t in brand.prompts], self._texts)
        return [
            find.Wanted(brand.id, np.stack([marks[d] for d in brand.marks] or [texts[t] for t in brand.prompts]))
            for brand in wanted.brands
        ]

    def _texts(self, texts: Sequence[str]) -> Sequence[Floats]:
        return list(self.model.embed_texts(texts))

    def _seen(self, digests: Sequence[str], wanted: FindRequest) -> Sequence[Floats]:
        """The queries of marks that were sent."""
        laid = [pictures.mark(wanted.sent[digest], self.model.side) for digest in digests]
        waiting = [self._batcher.submit(square[None]) for square, _ in laid]
        return [
            find.of_mark(Patches.of(answer.result()[0]), box) for (_, box), answer in zip(laid, waiting, strict=True)
        ]

    def _embed(self, squares: Pixels) -> Floats:
        began = time.monotonic()
        rows = self.model.embed_images(squares)
        self._embedded(len(squares), time.monotonic() - began)
        return rows
