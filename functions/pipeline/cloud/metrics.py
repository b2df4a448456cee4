"""Metrics of the workloads, beyond those that Google measures itself (OpenTelemetry).

They are sent in the background, over OTLP, to where spans go (tracing.py): Cloud Monitoring has them as Prometheus
metrics with these names. Their libraries are loaded with the first measurement, which comes once the work is done.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..domain.settings import Common, load
from . import tracing

if TYPE_CHECKING:
    from opentelemetry.metrics import Counter, Histogram
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.export import MetricReader

log = logging.getLogger(__name__)
_EXPORT_SECONDS = 30.0  # between two exports
_SECONDS = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0, 2.0, 5.0, 10.0, 30.0, 120.0, 600.0)
_CLIP = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds, of a GPU and of a laptop
_CROPS = (1, 8, 32, 64, 128, 192, 256, 384, 512)


@dataclass(frozen=True, slots=True)
class Metric:
    """A counter, or, with a `unit`, a distribution of measurements in that unit, in `buckets`."""

    help: str
    unit: str | None = None
    buckets: Sequence[float] = _SECONDS


COUNTED: Mapping[str, Metric] = {
    "segments_stored": Metric("segments that were stored"),
    "frames_sent": Metric("frames that sampling sent on"),
    "frames_skipped": Metric("frames that sampling looked at and did not send on"),
    "sampled_age": Metric("age of a segment, since it was stored, when it has been sampled", "s"),
    "result_age": Metric("age of a frame, since it was stored, when a provider's results are written", "s"),
    "track_age": Metric("age of a frame's results, since they were stored, when its boxes have been followed", "s"),
    "provider_calls": Metric("calls of a provider, by outcome: ok, or the error's name"),
    "provider_seconds": Metric("how long a provider took", "s"),
    "dead_letters": Metric("events that were given up on, by topic"),
    "rules_age": Metric("age of a segment or of results, since they were stored, when rules have looked at them", "s"),
    "alerts": Metric("alerts that rules have fired, by kind of rule"),
    "deliveries": Metric("attempts to deliver an alert, by kind of channel and outcome: ok, or the error's name"),
    "imports_started": Metric("imports whose execution was started when their file arrived"),
    "imports_restarted": Metric("imports whose start was missed, and which housekeeping has started"),
    "imports_ended": Metric("imports that ended, by state: done or error"),
    "imported_seconds": Metric("whole seconds of media that finished imports have stored"),
    "clips_ended": Metric("clips that were cut, or could not be, by state: done or error"),
    "sessions_ended": Metric("sessions that housekeeping has ended"),
    "sessions_over_quota": Metric("sessions that housekeeping has ended because a quota was used up"),
    "housekeeping_seconds": Metric("how long a duty of housekeeping took", "s"),
    "front_requests": Metric("requests that front answered, by kind (page, media, api, health) and status"),
    "media_redirects": Metric("redirects to a signed address of Cloud Storage"),
    "grants_made": Metric("grants of a stream's media that were given"),
    "refused_attempts": Metric("requests that front refused for want of a key or a right, by reason"),
    "sessions_begun": Metric("sign-ins that began a session"),
    "admin_key_used": Metric("requests that the deployment's admin key opened, by route"),
    "clip_requests": Metric("requests that the CLIP service answered, by route and status"),
    "clip_request_seconds": Metric("from a request of the CLIP service to its answer, by route", "s", _CLIP),
    "clip_images_seen": Metric("images that the CLIP service looked at"),
    "clip_batch_crops": Metric("crops in a batch of the CLIP service; of `model` `owl` pictures", "{crop}", _CROPS),
    "clip_model_seconds": Metric("time of the CLIP service's `model`, `clip` or `owl`, for a batch", "s", _CLIP),
    "clip_detections": Metric("detections that the CLIP service returned"),
}
"""By name, as Cloud Monitoring and the console page show them."""

_lock = threading.Lock()
_service = ""
_provider: MeterProvider | None = None
_instruments: Mapping[str, Counter | Histogram] = {}


def configure(service: str, reader: MetricReader | None = None) -> None:
    """Starts sending the measurements of this process, a part of `service`; tests pass a `reader` instead."""
    global _service
    if reader is None and not load(tracing.Telemetry).endpoint:
        return
    load(Common)  # a variable that is missing fails the start, not the first measurement
    _service = service
    if reader is not None:
        _begin(reader)


def stop() -> None:
    """Sends the last measurements, and stops measuring."""
    global _service, _provider, _instruments
    if _provider is not None:
        _provider.shutdown()
    _service, _provider, _instruments = "", None, {}


def count(name: str, amount: int = 1, **labels: str) -> None:
    """Adds to a counter of `COUNTED`. Raises KeyError."""
    assert COUNTED[name].unit is None
    if instrument := _made(name):
        instrument.add(amount, labels)


def measure(name: str, value: float, **labels: str) -> None:
    """Adds a measurement, in the unit that `COUNTED` says. Raises KeyError."""
    assert COUNTED[name].unit is not None
    if instrument := _made(name):
        instrument.record(value, labels)


def _made(name: str) -> Any:
    if not _service:
        return None
    if not _instruments:
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

        with _lock:
            if not _instruments:
                exporter = tracing.over_http(f"{load(tracing.Telemetry).endpoint.rstrip('/')}/v1/metrics")
                _begin(PeriodicExportingMetricReader(exporter, export_interval_millis=_EXPORT_SECONDS * 1000))
    return _instruments[name]


def _begin(reader: MetricReader) -> None:
    global _provider, _instruments
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.resources import Resource

    # Instances of one service are told apart: each counts from 0.
    named = {"service.name": _service, "service.instance.id": uuid.uuid4().hex[:12]}
    _provider = MeterProvider([reader], Resource({**named, "gcp.project_id": load(Common).project}))
    meter = _provider.get_meter("media-analyzer")
    _instruments = {
        name: meter.create_histogram(name, metric.unit, metric.help, explicit_bucket_boundaries_advisory=metric.buckets)
        if metric.unit
        else meter.create_counter(name, "1", metric.help)
        for name, metric in COUNTED.items()
    }
