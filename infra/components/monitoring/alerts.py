"""Alert policies and where they are sent. Each names its section of docs/operations.md."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from pulumi_gcp import monitoring

from ..project.cloud import Cloud, Component
from ..workloads.gpu_service import GpuService
from ..workloads.schedule import ScheduledFunction
from .log_metrics import RESOURCE, LogMetrics, counted
from .uptime import UptimeCheck

REQUESTS = "run.googleapis.com/request_count"
DEAD = "pubsub.googleapis.com/subscription/dead_letter_message_count"
OLDEST = "pubsub.googleapis.com/subscription/oldest_unacked_message_age"
PASSED = "monitoring.googleapis.com/uptime_check/check_passed"

Condition = monitoring.AlertPolicyConditionArgs
Aggregation = monitoring.AlertPolicyConditionConditionThresholdAggregationArgs


class Alerts(Component):
    """The policies of this stack. Without an address the console shows their incidents, and none is sent."""

    def __init__(
        self,
        name: str,
        cloud: Cloud,
        *,
        email: str | None,
        metrics: LogMetrics,
        checks: Sequence[UptimeCheck],
        housekeeper: ScheduledFunction,
        gpu: GpuService | None,
    ) -> None:
        super().__init__(name, cloud)
        self.channels: list[pulumi.Output[str]] = []
        self._metrics = metrics
        if email:
            channel = monitoring.NotificationChannel(
                name,
                display_name=f"Media Analyzer ({cloud.stack})",
                type="email",
                labels={"email_address": email},
                user_labels=cloud.labels,
                opts=self.child(),
            )
            self.channels.append(channel.name)
        self._messages()
        self._requests()
        for check in checks:
            self._unreachable(check)
        self._housekeeping(housekeeper)
        self._streams()
        self._attempts()
        if gpu:
            self._gpu(gpu)
        self.register_outputs({})

    def _messages(self) -> None:
        ours = f'resource.type="pubsub_subscription" AND resource.labels.subscription_id=starts_with("{self._ours}")'
        self._policy(
            "dead-letters",
            "an event was given up",
            "Dead letters",
            _over(f'metric.type="{DEAD}" AND {ours}', 0, "0s", "ALIGN_DELTA", window=300),
        )
        batch = f'resource.labels.subscription_id{{}}starts_with("{self._ours}batch-")'
        for name, title, of, seconds in (
            ("backlog", "events have waited for ten minutes", batch.format("!="), 600),
            ("batch-backlog", "imports have waited for twelve hours", batch.format("="), 12 * 3600),
        ):
            waiting = _over(f'metric.type="{OLDEST}" AND {ours} AND {of}', seconds, "300s", "ALIGN_MAX")
            self._policy(name, title, "Quota increase", waiting)

    def _requests(self) -> None:
        ours = f'resource.type="{RESOURCE}" AND resource.labels.service_name=starts_with("{self._ours}")'
        # The queues of `batch` wait by its 429.
        not_batch = f'resource.labels.service_name!="{self._ours}batch"'
        by_service = Aggregation(
            alignment_period="300s",
            per_series_aligner="ALIGN_DELTA",
            cross_series_reducer="REDUCE_SUM",
            group_by_fields=["resource.label.service_name"],
        )
        for name, title, where in (
            ("errors", "a service answers 5xx", 'metric.labels.response_code_class="5xx"'),
            (
                "refusals",
                "a service answers 429: a quota or its instances are used up",
                f'metric.labels.response_code="429" AND {not_batch}',
            ),
        ):
            runbook = "Limits" if name == "refusals" else "What becomes of an error"
            self._policy(
                name, title, runbook, _over(f'metric.type="{REQUESTS}" AND {ours} AND {where}', 10, "300s", by_service)
            )

    def _unreachable(self, check: UptimeCheck) -> None:
        failed = Aggregation(
            alignment_period="600s",
            per_series_aligner="ALIGN_NEXT_OLDER",
            cross_series_reducer="REDUCE_COUNT_FALSE",
            group_by_fields=["resource.label.host"],
        )
        query = pulumi.Output.concat(
            f'metric.type="{PASSED}" AND resource.type="uptime_url" AND metric.labels.check_id="', check.id, '"'
        )
        name = check.pulumi_resource_name
        # A failure seen from one place may be the network's: two places must see it.
        self._policy(f"{name}-unreachable", f"{name} does not answer", "Rolling back", _over(query, 1, "300s", failed))

    def _housekeeping(self, housekeeper: ScheduledFunction) -> None:
        succeeded = pulumi.Output.concat(
            f'metric.type="{REQUESTS}" AND resource.type="{RESOURCE}" AND metric.labels.response_code_class="2xx" AND '
            'resource.labels.service_name="',
            housekeeper.function.name,
            '"',
        )
        absent = monitoring.AlertPolicyConditionConditionAbsentArgs(
            filter=succeeded,
            duration="600s",
            aggregations=[
                monitoring.AlertPolicyConditionConditionAbsentAggregationArgs(
                    alignment_period="60s", per_series_aligner="ALIGN_DELTA", cross_series_reducer="REDUCE_SUM"
                )
            ],
        )
        self._policy(
            "housekeeping-absent",
            "housekeeping has not succeeded for ten minutes",
            "Stopping and starting",
            Condition(display_name="no success of a call that comes each minute", condition_absent=absent),
        )
        failed = f"sum by (duty) ({counted(self.cloud, 'housekeeping_failed', 10)}) > 2"
        self._query(
            "housekeeping-failed", "a duty of housekeeping keeps failing", "Stopping and starting", failed, "0s"
        )

    def _streams(self) -> None:
        silent = f"sum by (stream) ({counted(self.cloud, 'silent', 5)}) > 1"
        self._query("silent", "a stream is live and no segment is stored", "Health", silent, "0s")

    def _attempts(self) -> None:
        refused = f"sum({counted(self.cloud, 'attempts_refused', 10)}) > 100"
        self._query("attempts", "many requests without a key or a right are refused", "Refused attempts", refused, "0s")

    def _gpu(self, gpu: GpuService) -> None:
        stands = (
            f'sum(run_googleapis_com:container_instance_count{{monitored_resource="{RESOURCE}",'
            f'service_name="{self.cloud.name(gpu.pulumi_resource_name)}"}}) > 0'
        )
        wanted = f"sum({counted(self.cloud, 'clip_wanted', 15)}) > 0"
        self._query(
            "gpu-idle",
            "GPU instances have stood for two hours, and no stream wants them",
            "A jump in cost",
            f"{stands} unless {wanted}",
            "7200s",
        )

    def _query(self, name: str, title: str, runbook: str, query: str, duration: str) -> None:
        """A policy in PromQL. Its metrics are not validated: Monitoring learns of log-based ones some minutes late."""
        condition = monitoring.AlertPolicyConditionConditionPrometheusQueryLanguageArgs(
            query=query, duration=duration, evaluation_interval="60s", disable_metric_validation=True
        )
        self._policy(name, title, runbook, Condition(display_name=title, condition_prometheus_query_language=condition))

    def _policy(self, name: str, title: str, runbook: str, condition: Condition) -> None:
        monitoring.AlertPolicy(
            name,
            display_name=f"{self.cloud.stack}: {title}",
            combiner="OR",
            conditions=[condition],
            notification_channels=self.channels,
            alert_strategy=monitoring.AlertPolicyAlertStrategyArgs(auto_close="3600s"),
            documentation=monitoring.AlertPolicyDocumentationArgs(
                subject=f"Media Analyzer {self.cloud.stack}: {title}",
                content=f"{title[0].upper()}{title[1:]}. What to do: docs/operations.md, section '{runbook}'.",
                mime_type="text/markdown",
            ),
            user_labels=self.cloud.labels,
            opts=self.child(self._metrics),
        )

    @property
    def _ours(self) -> str:
        return self.cloud.name("")


def _over(
    query: pulumi.Input[str], threshold: float, duration: str, aligned: str | Aggregation, window: int = 60
) -> Condition:
    """A series is above `threshold` for `duration`. `aligned` says how each is aligned, or how they are summed up."""
    if isinstance(aligned, str):
        aligned = Aggregation(alignment_period=f"{window}s", per_series_aligner=aligned)
    return Condition(
        display_name=f"more than {threshold:g}",
        condition_threshold=monitoring.AlertPolicyConditionConditionThresholdArgs(
            filter=query,
            comparison="COMPARISON_GT",
            threshold_value=threshold,
            duration=duration,
            aggregations=[aligned],
            trigger=monitoring.AlertPolicyConditionConditionThresholdTriggerArgs(count=1),
        ),
    )
