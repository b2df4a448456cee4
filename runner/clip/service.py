"""The service: from pictures to detections. One per process, shared by its threads."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import detect, requests
from .admission import Admission
from .batcher import Batcher
from .metrics import Metrics
from .model import Model
from .proposals import cut, propose
from .settings import Clip

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


class Service:
    """The model, its batches and its admission."""

    def __init__(self, settings: Clip, model: Model | None = None) -> None:
        """Loads the model of `settings` unless `model` is given."""
        self.settings = settings
        self.model = model or Model(settings.model, settings.device, offline=settings.offline)
        self.admission = Admission(settings.queue)
        self.metrics = Metrics(lambda: self.admission.inside)
        self._texts = detect.Texts(self.model.embed_texts)
        self._batcher = Batcher(self._embed, settings.batch, settings.delay)

    def detect(self, wanted: requests.DetectRequest) -> list[Mapping[str, Any]]:
        """One result per image: detections, and the milliseconds that they took. Raises QuotaExceeded, BadRequest,
        NotFound."""
        with self.admission.of(len(wanted.images)):
            began = time.monotonic()
            texts = self._texts.of(wanted.wanted)
            pictures = [requests.picture(image, number) for number, image in enumerate(wanted.images)]
            places = [propose(picture, self.settings.regions) for picture in pictures]
            pairs = zip(pictures, places, strict=True)
            waiting = [self._batcher.submit(cut(picture, place.squares, self.model.side)) for picture, place in pairs]
            results: list[Mapping[str, Any]] = []
            for picture, place, answer in zip(pictures, places, waiting, strict=True):
                margin = detect.margins(answer.result(), texts, self.model.scale, len(wanted.wanted))
                kept = detect.detections(margin, place, wanted.wanted, self.model.calibration, wanted.threshold)
                found = detect.found(kept, place, picture.shape[1], picture.shape[0])
                took_ms = round((time.monotonic() - began) * 1000)
                results.append({"detections": [asdict(one) for one in found], "took_ms": took_ms})
            self.metrics.seen(len(results), sum(len(result["detections"]) for result in results))
            return results

    def close(self) -> None:
        """Ends the thread of the batches."""
        self._batcher.close()

    def _embed(self, crops: Pixels) -> Floats:
        began = time.monotonic()
        rows = self.model.embed_images(crops)
        self.metrics.embedded(len(crops), time.monotonic() - began)
        return rows
