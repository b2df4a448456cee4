"""What workloads measure: names are known, values arrive, and nothing is loaded or sent where nothing is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.sdk.metrics.export import InMemoryMetricReader

from pipeline.cloud import metrics


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemoryMetricReader]:
    for name in ("GOOGLE_CLOUD_PROJECT", "MEDIA_BUCKET"):
        monkeypatch.setenv(name, "acme-video")
    made = InMemoryMetricReader()
    metrics.configure("unit", made)
    yield made
    metrics.stop()


def measured(reader: InMemoryMetricReader) -> dict[str, Any]:
    data = reader.get_metrics_data()
    assert data is not None
    return {m.name: m.data.data_points[0] for m in data.resource_metrics[0].scope_metrics[0].metrics}


def test_counters_add_up_and_distributions_are_kept_with_their_labels(reader: InMemoryMetricReader) -> None:
    metrics.count("frames_sent", 2)
    metrics.count("frames_sent", 3)
    metrics.measure("provider_seconds", 0.25, provider="vision")
    found = measured(reader)
    assert found["frames_sent"].value == 5
    assert (found["provider_seconds"].sum, dict(found["provider_seconds"].attributes)) == (0.25, {"provider": "vision"})


def test_a_name_that_is_not_listed_or_of_the_other_kind_is_an_error(reader: InMemoryMetricReader) -> None:
    with pytest.raises(KeyError):
        metrics.count("frames_lost")
    with pytest.raises(AssertionError):
        metrics.count("provider_seconds")


def test_a_distribution_is_told_by_the_buckets_that_fit_it(reader: InMemoryMetricReader) -> None:
    metrics.measure("clip_batch_crops", 192)
    metrics.measure("provider_seconds", 0.25, provider="vision")
    found = measured(reader)
    assert {name: tuple(found[name].explicit_bounds) for name in found} == {
        "clip_batch_crops": metrics.COUNTED["clip_batch_crops"].buckets,
        "provider_seconds": metrics.COUNTED["provider_seconds"].buckets,
    }
    assert found["clip_batch_crops"].explicit_bounds != found["provider_seconds"].explicit_bounds


def test_a_missing_variable_fails_the_start_and_not_the_first_measurement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv("GOOGLE_CLOUD_PROJECT", raising=False)
    with pytest.raises(ValueError, match="GOOGLE_CLOUD_PROJECT is not set"):
        metrics.configure("unit")


def test_without_an_address_nothing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    metrics.configure("unit")
    metrics.count("segments_stored")
    assert metrics._provider is None


def test_its_libraries_are_loaded_with_the_first_measurement_not_at_the_start() -> None:
    code = (
        "import os, sys; os.environ.update(GOOGLE_CLOUD_PROJECT='p', MEDIA_BUCKET='b',"
        "OTEL_EXPORTER_OTLP_ENDPOINT='http://127.0.0.1:9');"
        "from pipeline.cloud import metrics; metrics.configure('unit');"
        "print([m for m in sys.modules if m.startswith(('opentelemetry.sdk', 'opentelemetry.exporter'))])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment)
    assert done.stdout.strip() == "[]", done.stderr
