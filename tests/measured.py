"""What the code under test measures (pipeline.cloud.metrics), read back by name and labels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.sdk.metrics.export import HistogramDataPoint, InMemoryMetricReader

from pipeline.cloud import metrics


class Measured:
    """The measurements since its making."""

    def __init__(self, reader: InMemoryMetricReader) -> None:
        self._reader = reader

    def total(self, name: str, **labels: str) -> float:
        """Of a counter the sum, of a distribution how many measurements; with these labels, and any others."""
        total = 0.0
        data = self._reader.get_metrics_data()
        for metric in data.resource_metrics[0].scope_metrics[0].metrics if data and data.resource_metrics else ():
            for point in metric.data.data_points if metric.name == name else ():
                if labels.items() <= dict(point.attributes or {}).items():
                    total += point.count if isinstance(point, HistogramDataPoint) else point.value  # type: ignore[union-attr]
        return total


@contextmanager
def measuring() -> Iterator[Measured]:
    """Measures what happens inside. GOOGLE_CLOUD_PROJECT and MEDIA_BUCKET are set."""
    reader = InMemoryMetricReader()
    metrics.configure("test", reader)
    yield Measured(reader)
    metrics.stop()
