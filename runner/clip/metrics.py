"""Metrics of the service, for Prometheus and for Cloud Monitoring. One set per application."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from pipeline.cloud import metrics

_SECONDS = metrics.COUNTED["clip_model_seconds"].buckets
_CROPS = metrics.COUNTED["clip_batch_crops"].buckets


class Metrics:
    """Counters of requests, batches and the model's time."""

    def __init__(self, images: Callable[[], float]) -> None:
        """`images` returns how many are in the service now."""
        self.registry = CollectorRegistry()
        self._requests = Counter("clip_requests", "Requests answered", ("route", "status"), registry=self.registry)
        self._seconds = Histogram(
            "clip_request_seconds", "From request to answer", ("route",), buckets=_SECONDS, registry=self.registry
        )
        self._batch = Histogram(
            "clip_batch_crops",
            "Crops in a batch; pictures, of owl",
            ("model",),
            buckets=_CROPS,
            registry=self.registry,
        )
        self._model = Histogram(
            "clip_model_seconds", "The model's time for a batch", ("model",), buckets=_SECONDS, registry=self.registry
        )
        self._detections = Counter("clip_detections", "Detections returned", registry=self.registry)
        Gauge("clip_images", "Images in the service, waiting or being analysed", registry=self.registry).set_function(
            images
        )

    def answered(self, route: str, status: int, seconds: float) -> None:
        """Counts a request that was answered `seconds` after it came."""
        self._requests.labels(route, status).inc()
        self._seconds.labels(route).observe(seconds)
        metrics.count("clip_requests", route=route, status=str(status))
        metrics.measure("clip_request_seconds", seconds, route=route)

    def embedded(self, model: str, crops: int, seconds: float) -> None:
        """Counts a batch that took `model` (`clip` or `owl`) so many seconds."""
        self._model.labels(model).observe(seconds)
        self._batch.labels(model).observe(crops)
        metrics.measure("clip_model_seconds", seconds, model=model)
        metrics.measure("clip_batch_crops", crops, model=model)

    def seen(self, images: int, detections: int = 0) -> None:
        """Counts analysed images and their detections."""
        self._detections.inc(detections)
        metrics.count("clip_images_seen", images)
        metrics.count("clip_detections", detections)
