"""Counters of log lines, for facts that no metric of Google's has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
from pulumi_gcp import logging

from ..project.cloud import Cloud, Component

RESOURCE = "cloud_run_revision"  # services, and functions of the second generation


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line that a workload writes: its logger, a part of its message, and the labels that the counter keeps."""

    description: str
    logger: str
    message: str
    labels: tuple[str, ...] = ()


LINES: Mapping[str, LogLine] = {
    "refused": LogLine(
        "events that a handler refused, to be delivered again or given up",
        "pipeline.cloud.edge",
        ": ",
        ("disposition",),
    ),
    "housekeeping_failed": LogLine(
        "duties of housekeeping that failed", "pipeline.maintenance.handler", "housekeeping: ", ("duty",)
    ),
    "attempts_refused": LogLine(
        "requests that front refused for want of a key or a right", "front.refusals", "refused: ", ("reason",)
    ),
    "silent": LogLine(
        "minutes in which a live stream stored no segment",
        "pipeline.maintenance.silence",
        "no segment for ",
        ("stream",),
    ),
    "clip_wanted": LogLine(
        "minutes in which a stream wanted the CLIP service",
        "pipeline.maintenance.clip",
        "want the CLIP service",
    ),
}
"""By name. Tests compare each with the line that the code logs."""


class LogMetrics(Component):
    """One log-based metric per line of `LINES`, of this stack's workloads alone."""

    def __init__(self, name: str, cloud: Cloud) -> None:
        super().__init__(name, cloud)
        for metric, line in LINES.items():
            logging.Metric(
                metric,
                name=log_metric(cloud, metric),
                description=line.description,
                filter=f'resource.type="{RESOURCE}" AND resource.labels.service_name=~"^{cloud.name("")}" AND '
                f'jsonPayload.logger="{line.logger}" AND jsonPayload.message:"{line.message}"',
                metric_descriptor=logging.MetricMetricDescriptorArgs(
                    metric_kind="DELTA",
                    value_type="INT64",
                    unit="1",
                    labels=[
                        logging.MetricMetricDescriptorLabelArgs(key=label, value_type="STRING") for label in line.labels
                    ]
                    or None,
                ),
                # The labels of our lines are labels of the entry: pipeline/cloud/logs.py.
                label_extractors={label: f"EXTRACT(labels.{label})" for label in line.labels} or None,
                opts=self.child(),
            )
        self.register_outputs({})


def log_metric(cloud: Cloud, metric: str) -> str:
    """The name of a metric of `LINES` in the project. Raises KeyError."""
    assert LINES[metric]
    return f"{cloud.name(metric)}".replace("-", "_")


def counted(cloud: Cloud, metric: str, minutes: int) -> pulumi.Input[str]:
    """PromQL for the number of such lines within `minutes`."""
    series = f"logging_googleapis_com:user_{log_metric(cloud, metric)}"
    return f'increase({series}{{monitored_resource="{RESOURCE}"}}[{minutes}m])'
