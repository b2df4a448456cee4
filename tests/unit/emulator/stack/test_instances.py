"""So many instances of a service or a function, each on a port of its own, behind the front end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.unit.emulator.stack.recorder import context_of, resource

from emulator.declaration.graph import Resource
from emulator.declaration.realise.context import Context
from emulator.declaration.realise.instances import FUNCTION, SERVICE, Place, memory, spread, workloads
from emulator.processes.process import ProcessSpec


def function(**config: Any) -> Resource:
    return resource(FUNCTION, "sample", {"serviceConfig": config}, name="dev-sample")


def service(scaling: dict[str, int], **template: Any) -> Resource:
    container = {"startupProbe": {"httpGet": {"path": "/health"}}, "resources": {"limits": {"memory": "1Gi"}}}
    return resource(SERVICE, "ingest", {"template": {"scaling": scaling, "containers": [container], **template}})


def context(tmp_path: Path, declared: Resource, instances: int) -> Context:
    return replace(context_of("127.0.0.1:1", tmp_path, declared), instances=instances)


def places(tmp_path: Path, declared: Resource, instances: int) -> list[Place]:
    found: list[Place] = []

    def build(place: Place) -> ProcessSpec:
        found.append(place)
        return ProcessSpec(place.name, "function", (), {}, tmp_path, place.port, lambda: True)

    spread(context(tmp_path, declared, instances), declared, build)
    return found


def test_one_instance_listens_apart_from_the_workload(tmp_path: Path) -> None:
    declared = function(minInstanceCount=1)
    (place,) = places(tmp_path, declared, 1)
    (workload,) = workloads(context(tmp_path, declared, 1))
    assert (place.name, place.on_demand) == ("sample", False)
    assert workload.instances == (place.port,)
    assert workload.port != place.port


def test_those_over_the_least_number_start_on_demand(tmp_path: Path) -> None:
    assert [(p.name, p.on_demand) for p in places(tmp_path, function(minInstanceCount=1), 2)] == [
        ("sample", False),
        ("sample-2", True),
    ]
    assert [p.on_demand for p in places(tmp_path, function(), 1)] == [True]


def test_no_more_run_than_are_declared(tmp_path: Path) -> None:
    assert len(places(tmp_path, function(maxInstanceCount=1), 2)) == 1


def test_the_declared_limits_reach_the_front_end(tmp_path: Path) -> None:
    declared = function(maxInstanceRequestConcurrency=4, maxInstanceCount=20, timeoutSeconds=60)
    (workload,) = workloads(context(tmp_path, declared, 2))
    assert (workload.concurrency, workload.max_instances, workload.timeout) == (4, 20, 60.0)
    assert (workload.service, workload.probe) == ("dev-sample", "/robots.txt")
    declared = service({"maxInstanceCount": 4}, maxInstanceRequestConcurrency=40, timeout="3600s")
    (workload,) = workloads(context(tmp_path, declared, 2))
    assert (workload.concurrency, workload.max_instances, workload.timeout) == (40, 4, 3600.0)
    assert workload.probe == "/health"


def test_the_declared_memory_is_the_limit() -> None:
    assert memory(function(availableMemory="2Gi")) == 2 << 30
    assert memory(service({})) == 1 << 30
