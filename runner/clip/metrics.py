"""What Prometheus reads. One set per application."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_CROPS = (1, 8, 32, 64, 128, 192, 256, 384, 512)


class Metrics:
    """Counters of requests, batches and the model's time."""

    def __init__(self, images: Callable[[], float]) -> None:
        """`images`: how many are in the service now."""
        self.registry = CollectorRegistry()
        self.requests = Counter("clip_requests", "Requests answered", ("route", "status"), registry=self.registry)
        self.seconds = Histogram(
            "clip_request_seconds", "From request to answer", ("route",), buckets=_SECONDS, registry=self.registry
        )
        self.batch = Histogram("clip_batch_crops", "Crops in a batch", buckets=_CROPS, registry=self.registry)
        self.model = Histogram(
            "clip_model_seconds", "The model's time for a batch", buckets=_SECONDS, registry=self.registry
        )
        self.detections = Counter("clip_detections", "Detections told", registry=self.registry)
        Gauge("clip_images", "Images in the service, waiting or looked at", registry=self.registry).set_function(images)
