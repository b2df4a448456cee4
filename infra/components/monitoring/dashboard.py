"""The dashboard of the stack in Cloud Monitoring."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_gcp import monitoring

from ..project.cloud import Cloud, Component
from .alerts import DEAD, OLDEST, REQUESTS
from .log_metrics import RESOURCE, log_metric

COLUMNS, WIDTH, HEIGHT = 48, 24, 16  # of a mosaic: two panels a row


@dataclass(frozen=True, slots=True)
class Panel:
    """A chart: a metric of the workloads or the subscriptions, aligned, summed up by a label."""

    title: str
    metric: str
    by: str
    aligner: str = "ALIGN_RATE"
    reducer: str = "REDUCE_SUM"
    where: str = ""
    of: str = RESOURCE


SUBSCRIPTION = "pubsub_subscription"
LATENCY = "run.googleapis.com/request_latencies"
SERVICE_NAME = "resource.label.service_name"
SUBSCRIPTION_ID = "resource.label.subscription_id"
STREAM = "metric.label.stream"
SLOWEST = "ALIGN_PERCENTILE_95"


class Dashboard(Component):
    """One page: requests, latency, waiting events, failures, instances."""

    def __init__(self, name: str, cloud: Cloud) -> None:
        super().__init__(name, cloud)
        monitoring.Dashboard(name, dashboard_json=json.dumps(page(cloud, panels(cloud)), indent=1), opts=self.child())
        self.register_outputs({})


def panels(cloud: Cloud) -> tuple[Panel, ...]:
    """The charts, from left to right and from top to bottom."""
    of_log = "logging.googleapis.com/user/"
    return (
        Panel("Requests a second", REQUESTS, SERVICE_NAME),
        Panel("Requests: 95th percentile, ms", LATENCY, SERVICE_NAME, SLOWEST, "REDUCE_MAX"),
        Panel("Answers of 5xx a second", REQUESTS, SERVICE_NAME, where='metric.labels.response_code_class="5xx"'),
        Panel("Answers of 429 a second", REQUESTS, SERVICE_NAME, where='metric.labels.response_code="429"'),
        Panel("Oldest event that waits, s", OLDEST, SUBSCRIPTION_ID, "ALIGN_MAX", "REDUCE_MAX", of=SUBSCRIPTION),
        Panel("Events given up", DEAD, SUBSCRIPTION_ID, "ALIGN_DELTA", of=SUBSCRIPTION),
        Panel("Events refused", of_log + log_metric(cloud, "refused"), "metric.label.disposition", "ALIGN_DELTA"),
        Panel("Live streams that are silent", of_log + log_metric(cloud, "silent"), STREAM, "ALIGN_DELTA"),
        Panel("Instances", "run.googleapis.com/container/instance_count", SERVICE_NAME, "ALIGN_MAX"),
        Panel(
            "Memory: 95th percentile of an instance",
            "run.googleapis.com/container/memory/utilizations",
            SERVICE_NAME,
            SLOWEST,
            "REDUCE_MAX",
        ),
    )  # fmt: skip


def page(cloud: Cloud, shown: Sequence[Panel]) -> dict[str, Any]:
    """The dashboard as the API takes it."""
    return {
        "displayName": f"Media Analyzer ({cloud.stack})",
        "mosaicLayout": {"columns": COLUMNS, "tiles": [_tile(cloud, n, panel) for n, panel in enumerate(shown)]},
    }


def _tile(cloud: Cloud, number: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(number, COLUMNS // WIDTH)
    return {
        "xPos": column * WIDTH,
        "yPos": row * HEIGHT,
        "width": WIDTH,
        "height": HEIGHT,
        "widget": {"title": panel.title, "xyChart": {"dataSets": [_series(cloud, panel)]}},
    }


def _series(cloud: Cloud, panel: Panel) -> dict[str, Any]:
    name = "subscription_id" if panel.of == SUBSCRIPTION else "service_name"
    parts = [
        f'metric.type="{panel.metric}"',
        f'resource.type="{panel.of}"',
        f'resource.labels.{name}=starts_with("{cloud.name("")}")',
        *([panel.where] if panel.where else []),
    ]
    aggregation = {
        "alignmentPeriod": "60s",
        "perSeriesAligner": panel.aligner,
        "crossSeriesReducer": panel.reducer,
        "groupByFields": [panel.by],
    }
    query = {"timeSeriesFilter": {"filter": " AND ".join(parts), "aggregation": aggregation}}
    return {"plotType": "LINE", "targetAxis": "Y1", "timeSeriesQuery": query}
