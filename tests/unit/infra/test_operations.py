"""What an operator is told: alerts, checks, the dashboard, the budget, backups; each on something that exists."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cloudevents.http import CloudEvent
from tests.unit.infra.declared import ROOT, SERVICE, declare
from werkzeug.exceptions import HTTPException
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

import settings
from emulator.declaration.graph import Graph, variables
from emulator.declaration.graph.errors import ProgramFailed
from front import refusals
from pipeline.cloud import edge
from pipeline.cloud.logs import JsonFormatter
from pipeline.detection.settings import Detection
from pipeline.documents import streams
from pipeline.domain.errors import NotFound, Poison, Unauthorized
from pipeline.domain.model import Stream, StreamState
from pipeline.maintenance import clip, handler, silence

# https://cloud.google.com/monitoring/api/metrics_gcp: those that we use, as written there.
GOOGLES = {
    "run.googleapis.com/request_count",
    "run.googleapis.com/request_latencies",
    "run.googleapis.com/container/instance_count",
    "run.googleapis.com/container/memory/utilizations",
    "pubsub.googleapis.com/subscription/dead_letter_message_count",
    "pubsub.googleapis.com/subscription/oldest_unacked_message_age",
    "monitoring.googleapis.com/uptime_check/check_passed",
}
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def full(site: Path) -> Graph:
    """The program with all that an operator may ask for."""
    return declare(
        site, alertEmail="ops@acme.example", budget="50", billingAccount="00-AA-00", clipService="true", backupDays="14"
    )


def policies(graph: Graph) -> dict[str, dict[str, Any]]:
    return {policy.name: policy.inputs for policy in graph.of("AlertPolicy")}


def queries(graph: Graph) -> list[str]:
    """Every filter and query of a policy or a chart."""
    text: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            text.extend(str(item) for key, item in value.items() if key in ("filter", "query"))
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                walk(item)

    for policy in graph.of("AlertPolicy"):
        walk(policy.inputs)
    for dashboard in graph.of("Dashboard"):
        walk(json.loads(dashboard.inputs["dashboardJson"]))
    return text


def promql_name(metric: str) -> str:
    """How PromQL calls a metric of Cloud Monitoring: the first '/' is ':', all else that is no letter is '_'."""
    host, _, rest = metric.partition("/")
    return ":".join(re.sub(r"[^a-zA-Z0-9]", "_", part) for part in (host, rest))


def test_every_metric_of_a_policy_or_a_chart_exists(full: Graph) -> None:
    ours = {f"logging.googleapis.com/user/{metric.inputs['name']}" for metric in full.of("gcp:logging/metric:Metric")}
    known = GOOGLES | ours
    named: set[str] = set()
    for query in queries(full):
        named |= set(re.findall(r'metric\.type="([^"]+)"', query))
        named |= set(re.findall(r"\b[a-z]+_googleapis_com:\w+", query))
    assert named
    assert named - known - {promql_name(metric) for metric in known} == set()


def test_what_goes_wrong_has_a_policy_and_each_says_where_to_look(full: Graph) -> None:
    assert set(policies(full)) == {
        "dead-letters",
        "backlog",
        "batch-backlog",
        "errors",
        "refusals",
        "ingest-unreachable",
        "front-unreachable",
        "housekeeping-absent",
        "housekeeping-failed",
        "silent",
        "attempts",
        "gpu-idle",
    }
    runbook = (ROOT / "docs" / "operations.md").read_text()
    for name, policy in policies(full).items():
        section = re.search(r"section '([^']+)'", policy["documentation"]["content"])
        assert section, name
        assert f"\n## {section[1]}\n" in runbook, f"{name}: docs/operations.md has no section {section[1]}"


def test_policies_reach_the_address_and_stand_without_one(graph: Graph, full: Graph) -> None:
    channel = full.named("NotificationChannel", "alerts")
    assert channel.inputs["labels"] == {"email_address": "ops@acme.example"}
    assert all(policy["notificationChannels"] == [channel.id] for policy in policies(full).values())
    assert graph.of("NotificationChannel") == []
    assert all(not policy.get("notificationChannels") for policy in policies(graph).values())
    assert set(policies(full)) - set(policies(graph)) == {"gpu-idle"}, "without a GPU there is none to forget"


def test_public_services_are_asked_for_their_health_from_outside(graph: Graph) -> None:
    checks = {check.name: check.inputs for check in graph.of("UptimeCheckConfig")}
    open_to_all = {service.name: service for service in graph.of(SERVICE) if service.inputs.get("invokerIamDisabled")}
    assert set(checks) == set(open_to_all)
    for name, check in checks.items():
        assert f"https://{check['monitoredResource']['labels']['host']}" == open_to_all[name].outputs["uri"]
        assert check["httpCheck"]["path"] == "/health"


def test_those_on_a_segment_s_way_send_spans_and_may(graph: Graph, site: Path) -> None:
    declared = declare(site, telemetryUrl="http://127.0.0.1:4318", traceShare="0.1")
    for name in ("sample", "detect", "remote", "batch", "track", "transcribe", "imports", "bury", "rules", "deliver"):
        variables = declared.named("Function", name).inputs["serviceConfig"]["environmentVariables"]
        assert (variables["OTEL_EXPORTER_OTLP_ENDPOINT"], variables["TRACE_SHARE"]) == ("http://127.0.0.1:4318", "0.1")
    writers = {
        grant.inputs["member"].partition("@")[0].removeprefix("serviceAccount:dev-")
        for grant in graph.of("gcp:projects/iAMMember:IAMMember")
        if grant.inputs["role"] == "roles/telemetry.tracesWriter"
    }
    assert writers == {
        *("ingest", "sample", "detect", "remote", "track", "transcribe", "batch"),
        *("imports", "importer", "bury", "rules", "deliver"),
    }


def test_every_workload_but_the_relay_sends_what_it_measures_and_may(site: Path) -> None:
    declared = declare(site, telemetryUrl="http://127.0.0.1:4318", clipService="true", region="europe-west1")
    given = {workload.resource.name: workload.declared for workload in variables.workloads(declared, ROOT)}
    assert set(given) == set(settings.WORKLOADS) - {"rtmp"}
    addresses = {name: declared.get("OTEL_EXPORTER_OTLP_ENDPOINT") for name, declared in given.items()}
    assert set(addresses.values()) == {"http://127.0.0.1:4318"}, addresses
    writers = {
        grant.inputs["member"].partition("@")[0].removeprefix("serviceAccount:dev-")
        for grant in declared.of("gcp:projects/iAMMember:IAMMember")
        if grant.inputs["role"] == "roles/telemetry.metricsWriter"
    }
    assert writers == set(given)


def test_the_dashboard_s_panels_lie_beside_each_other(graph: Graph) -> None:
    tiles = json.loads(graph.of("Dashboard")[0].inputs["dashboardJson"])["mosaicLayout"]["tiles"]
    places = [(tile["xPos"], tile["yPos"]) for tile in tiles]
    assert len(tiles) == len(set(places)) >= 8
    assert all(tile["xPos"] + tile["width"] <= 48 for tile in tiles)


def test_a_budget_tells_the_same_address(full: Graph, graph: Graph) -> None:
    budget = full.named("Budget", "budget").inputs
    assert budget["amount"]["specifiedAmount"] == {"units": "50"}
    assert budget["budgetFilter"]["projects"] == ["projects/123456789012"]
    channel = full.named("NotificationChannel", "alerts")
    assert budget["allUpdatesRule"]["monitoringNotificationChannels"] == [channel.id]
    assert graph.of("Budget") == []


@pytest.mark.parametrize(("given", "missing"), [("budget", "billingAccount"), ("billingAccount", "budget")])
def test_half_a_budget_is_refused(site: Path, given: str, missing: str) -> None:
    with pytest.raises(ProgramFailed, match=f"{missing} is not set: a budget needs both"):
        declare(site, **{given: "7"})


def test_the_database_is_backed_up_daily_and_can_be_read_as_it_was(graph: Graph, full: Graph, site: Path) -> None:
    schedule = "gcp:firestore/backupSchedule:BackupSchedule"
    kept = {backup.inputs["database"]: backup.inputs["retention"] for backup in full.of(schedule)}
    assert kept == {"(default)": "1209600s", "control": "1209600s"}
    assert [backup.inputs["retention"] for backup in graph.of(schedule)] == ["604800s"] * 2
    for database in graph.of("gcp:firestore/database:Database"):
        assert database.inputs["pointInTimeRecoveryEnablement"] == "POINT_IN_TIME_RECOVERY_ENABLED"
    assert declare(site, backupDays="0").of(schedule) == []
    with pytest.raises(ProgramFailed, match="invalid backupDays=99: expected 0"):
        declare(site, backupDays="99")


def test_hours_of_trouble_make_no_dead_letters(graph: Graph) -> None:
    for subscription in graph.of("Subscription"):
        dead = subscription.inputs.get("deadLetterPolicy")
        if not dead:
            continue
        least = int(subscription.inputs["retryPolicy"]["minimumBackoff"].rstrip("s"))
        most = int(subscription.inputs["retryPolicy"]["maximumBackoff"].rstrip("s"))
        waits = [min(least * 2**n, most) for n in range(dead["maxDeliveryAttempts"] - 1)]
        assert sum(waits) > 3 * 3600, subscription.name
        assert sum(waits) < int(subscription.inputs["messageRetentionDuration"].rstrip("s")), "it would be dropped"


# Log-based metrics: each counts a line that our code really writes.


class Logged:
    """What `run` logs, as Cloud Logging stores it: `jsonPayload`, `severity`, `labels`."""

    def __init__(self, run: Callable[[], object]) -> None:
        stream = io.StringIO()
        written = logging.StreamHandler(stream)
        written.setFormatter(JsonFormatter())
        root = logging.getLogger()
        level = root.level
        root.addHandler(written)
        root.setLevel("INFO")
        try:
            run()
        finally:
            root.removeHandler(written)
            root.setLevel(level)
        self.entries = [json.loads(line) for line in stream.getvalue().splitlines()]

    def counted(self, metric: dict[str, Any]) -> list[dict[str, str]]:
        """The values of the metric's labels, for each line that its filter takes."""
        wanted = dict(re.findall(r'jsonPayload\.(\w+)[=:]"([^"]*)"', metric["filter"]))
        found = [e for e in self.entries if e["logger"] == wanted["logger"] and wanted["message"] in e["message"]]
        names = {
            key: re.fullmatch(r"EXTRACT\(labels\.(\w+)\)", value)
            for key, value in (metric.get("labelExtractors") or {}).items()
        }
        return [
            {key: e["logging.googleapis.com/labels"][match[1]] for key, match in names.items() if match} for e in found
        ]


def metric(graph: Graph, name: str) -> dict[str, Any]:
    return graph.named("gcp:logging/metric:Metric", name).inputs


def test_a_refused_event_is_counted_by_what_becomes_of_it(graph: Graph) -> None:
    def refuse() -> None:
        def poisoned(_event: object) -> None:
            raise Poison("no segment")

        event = CloudEvent({"type": "t", "source": "s"}, {"message": {"messageId": "1"}})
        with pytest.raises(HTTPException):
            edge.handle_message(poisoned, event)

    assert Logged(refuse).counted(metric(graph, "refused")) == [{"disposition": "dead-letter"}]


def test_a_duty_that_fails_is_counted_by_its_name(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_now: datetime) -> int:
        raise ConnectionError("no way")

    def works(_now: datetime) -> int:
        return 0

    monkeypatch.setattr(handler, "DUTIES", {"imports": fails, "clip": works})
    request = Request(EnvironBuilder().get_environ())
    logged = Logged(lambda: handler.respond(request))
    assert logged.counted(metric(graph, "housekeeping_failed")) == [{"duty": "imports"}]


def test_a_live_stream_without_segments_is_counted_by_its_id(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    def stream(id: str, seconds: int, state: StreamState = StreamState.LIVE) -> Stream:
        return Stream(id, id, state=state, last_segment_at=NOW - timedelta(seconds=seconds))

    found = [stream("fine", 5), stream("silent", 90), stream("waits", 90, StreamState.RECONNECTING)]
    monkeypatch.setattr(streams, "active", lambda: found)
    logged = Logged(lambda: silence.sweep(NOW))
    assert logged.counted(metric(graph, "silent")) == [{"stream": "silent"}]


def test_a_refused_attempt_is_counted_by_its_reason(graph: Graph) -> None:
    request, caller = Request(EnvironBuilder("/streams").get_environ()), "203.0.113.7"
    logged = Logged(lambda: [refusals.note(request, caller, error) for error in (Unauthorized("x"), NotFound("x"))])
    assert logged.counted(metric(graph, "attempts_refused")) == [{"reason": "Unauthorized"}]
    labels = logged.entries[0]["logging.googleapis.com/labels"]
    assert (labels["address"], labels["route"]) == ("203.0.113.7", "GET /streams")


def test_streams_that_want_the_gpu_are_counted(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    def prefers(_stream: Stream, _place: str) -> bool:
        return True

    def answers(_place: str) -> None:
        return

    monkeypatch.setattr(clip, "detection", lambda: Detection(clip_url="https://clip.example"))
    monkeypatch.setattr(clip, "_call", answers)
    monkeypatch.setattr(clip, "_prefers", prefers)
    live = Stream("one", "One", state=StreamState.LIVE, last_segment_at=NOW)
    monkeypatch.setattr(streams, "active", lambda: [live])
    assert Logged(lambda: clip.sweep(NOW)).counted(metric(graph, "clip_wanted")) == [{}]
