"""Metrics of the workloads: taken over OTLP, as Cloud Monitoring takes them; their newest values are shown."""

from __future__ import annotations

import threading
from typing import Any

from .traces import attributes

_MAX_SERIES = 500  # series kept: the oldest go first


class Metrics:
    """The newest value of each series, summed over the instances of a service. Used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._series: dict[tuple[str, ...], tuple[float, float]] = {}

    def take(self, body: bytes) -> None:
        """Notes an ExportMetricsServiceRequest. Raises ValueError for other bytes."""
        from google.protobuf.message import DecodeError
        from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

        try:
            request = ExportMetricsServiceRequest.FromString(body)
        except DecodeError as error:
            raise ValueError(f"invalid body: expected an ExportMetricsServiceRequest: {error}") from None
        for resource in request.resource_metrics:
            about = attributes(resource.resource.attributes)
            for scope in resource.scope_metrics:
                for metric in scope.metrics:
                    for point in (*metric.sum.data_points, *metric.histogram.data_points):
                        self._note(about, metric.name, point)

    def shown(self) -> list[dict[str, Any]]:
        """Each series by service, name and labels: `count`, and the `mean` of a distribution (None of a counter)."""
        together: dict[tuple[str, str, str], tuple[float, float]] = {}
        with self._lock:
            for (service, _instance, name, labels), (count, total) in self._series.items():
                before = together.get((service, name, labels), (0.0, 0.0))
                together[service, name, labels] = (before[0] + count, before[1] + total)
        return [
            {
                "service": service,
                "name": name,
                "labels": labels,
                "count": count,
                "mean": round(total / count, 3) if total and count else None,
            }
            for (service, name, labels), (count, total) in sorted(together.items())
        ]

    def _note(self, about: dict[str, str], name: str, point: Any) -> None:
        labels = ", ".join(f"{key}={value}" for key, value in sorted(attributes(point.attributes).items()))
        key = (about.get("service.name", ""), about.get("service.instance.id", ""), name, labels)
        if hasattr(point, "bucket_counts"):
            value = (float(point.count), float(point.sum))
        else:
            value = (float(point.as_int or point.as_double), 0.0)
        with self._lock:
            self._series.pop(key, None)
            self._series[key] = value
            while len(self._series) > _MAX_SERIES:
                del self._series[next(iter(self._series))]
