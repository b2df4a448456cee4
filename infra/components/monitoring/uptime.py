"""Uptime checks of public services."""

from __future__ import annotations

import pulumi
from pulumi_gcp import monitoring

from ..project.cloud import Cloud, Component


class UptimeCheck(Component):
    """Requests `path` of `uri` every five minutes from three parts of the world. `id` names its results."""

    def __init__(self, name: str, cloud: Cloud, *, uri: pulumi.Output[str], path: str = "/health") -> None:
        super().__init__(name, cloud)
        check = monitoring.UptimeCheckConfig(
            name,
            display_name=cloud.name(name),
            period="300s",
            timeout="30s",  # a cold start fits
            selected_regions=["USA", "EUROPE", "ASIA_PACIFIC"],
            http_check=monitoring.UptimeCheckConfigHttpCheckArgs(path=path, port=443, use_ssl=True, validate_ssl=True),
            monitored_resource=monitoring.UptimeCheckConfigMonitoredResourceArgs(
                type="uptime_url", labels={"project_id": cloud.project, "host": uri.apply(_host)}
            ),
            user_labels=cloud.labels,
            opts=self.child(),
        )
        self.id = check.uptime_check_id
        self.register_outputs({})


def _host(uri: str) -> str:
    return uri.partition("://")[2]
