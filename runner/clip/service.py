"""The service: from pictures to detections. One per process, shared by its threads."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.domain.errors import Unavailable

from . import detect, requests, scenes
from .admission import Admission
from .batcher import Batcher
from .metrics import Metrics
from .model import Model
from .owl.finder import Finder
from .owl.model import Owl
from .owl.requests import FindRequest
from .proposals import Proposals, cut, propose
from .settings import Clip

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Results = list[Mapping[str, Any]]


class Service:
    """The models, their batches and their admission."""

    def __init__(self, settings: Clip, model: Model | None = None, owl: Owl | None = None) -> None:
        """Loads the models of `settings` unless they are given."""
        self.settings = settings
        self.model = model or Model(settings.model, settings.device, offline=settings.offline)
        self.admission = Admission(settings.queue)
        self.metrics = Metrics(lambda: self.admission.inside)
        self._texts = detect.Texts(self.model.embed_texts)
        self._batcher = Batcher(self._embed, settings.batch, settings.delay)
        told = partial(self.metrics.embedded, "owl")
        self._finder = Finder(settings, told, owl) if owl or settings.owl_model else None

    @property
    def owl(self) -> Owl | None:
        """The model of `find`, if there is one."""
        return self._finder.model if self._finder else None

    def detect(self, wanted: requests.DetectRequest) -> Results:
        """One result per image: detections and labels, and the milliseconds that they took. Raises QuotaExceeded,
        BadRequest, NotFound."""
        with self.admission.of(len(wanted.images)):
            began = time.monotonic()
            pictures = [requests.picture(image, number) for number, image in enumerate(wanted.images)]
            waiting = [(self._cut(picture, wanted), self._viewed(picture, wanted)) for picture in pictures]
            results: Results = []
            for picture, (crops, views) in zip(pictures, waiting, strict=True):
                result = self._detections(crops, wanted, picture.shape) | self._labels(views, wanted)
                results.append({**result, "took_ms": round((time.monotonic() - began) * 1000)})
            self._count(results)
            return results

    def find(self, wanted: FindRequest) -> tuple[Results, Sequence[str]]:
        """One result per image, or the digests of marks that must be sent too. Raises as `detect`, and Unavailable
        where no model was loaded for this."""
        finder = self._finder
        if finder is None:
            raise Unavailable("this service has no OWLv2: start it with OWL_MODEL, or a deployment with owlModel")
        with self.admission.of(len(wanted.images)):
            if lacking := finder.lacks(wanted):
                return [], lacking
            results = finder.find(wanted)
            self._count(results)
            return results, ()

    def close(self) -> None:
        """Ends the threads of the batches."""
        self._batcher.close()
        if self._finder:
            self._finder.close()

    def _cut(self, picture: Pixels, wanted: requests.DetectRequest) -> tuple[Proposals, Future[Floats]] | None:
        if not wanted.wanted:
            return None
        places = propose(picture, self.settings.regions)
        return places, self._batcher.submit(cut(picture, places.squares, self.model.side))

    def _viewed(self, picture: Pixels, wanted: requests.DetectRequest) -> Future[Floats] | None:
        return self._batcher.submit(scenes.views(picture, self.model.side)) if wanted.scenes else None

    def _detections(
        self, crops: tuple[Proposals, Future[Floats]] | None, wanted: requests.DetectRequest, shape: Sequence[int]
    ) -> dict[str, Any]:
        if crops is None:
            return {"detections": []}
        places, answer = crops
        texts = self._texts.of(wanted.wanted)
        margin = detect.margins(answer.result(), texts, self.model.scale, len(wanted.wanted))
        kept = detect.detections(margin, places, wanted.wanted, self.model.calibration, wanted.threshold)
        return {"detections": [asdict(one) for one in detect.found(kept, places, shape[1], shape[0])]}

    def _labels(self, views: Future[Floats] | None, wanted: requests.DetectRequest) -> dict[str, Any]:
        if views is None:
            return {}
        texts = self._texts.of(wanted.scenes, scenes.NONE)
        seen = scenes.labels(views.result(), texts, self.model.scale, wanted.scenes, wanted.threshold)
        return {"labels": [asdict(one) for one in seen]}

    def _count(self, results: Results) -> None:
        self.metrics.seen(len(results), sum(len(result["detections"]) for result in results))

    def _embed(self, crops: Pixels) -> Floats:
        began = time.monotonic()
        rows = self.model.embed_images(crops)
        self.metrics.embedded("clip", len(crops), time.monotonic() - began)
        return rows
