"""What all containers may take together, against what Cloud Run gives a new project in a region: 20 vCPU, 40 GiB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.infra.declared import SERVICE, declare

from components import Quota
from emulator.declaration.graph import Graph
from emulator.declaration.graph.errors import ProgramFailed


def asked(graph: Graph) -> Iterator[tuple[float, float]]:
    """vCPU and GiB of each workload at its most, read from what is declared."""
    for function in graph.of("Function"):
        config = function.inputs["serviceConfig"]
        yield _all(config["maxInstanceCount"], config["availableCpu"], config["availableMemory"])
    for service in graph.of(SERVICE):
        template = service.inputs["template"]
        limits = template["containers"][0]["resources"]["limits"]
        yield _all(template["scaling"]["maxInstanceCount"], limits["cpu"], limits["memory"])
    jobs: list[tuple[float, float]] = []
    for job in graph.of("gcp:cloudrunv2/job:Job"):
        template = job.inputs["template"]
        limits = template["template"]["containers"][0]["resources"]["limits"]
        jobs.append(_all(template["parallelism"], limits["cpu"], limits["memory"]))
    yield max(cpu for cpu, _ in jobs), max(memory for _, memory in jobs)  # they wait for each other


def _all(instances: int, cpu: str, memory: str) -> tuple[float, float]:
    gib = float(memory[:-2]) / (1024 if memory.endswith("Mi") else 1)
    return instances * float(cpu), instances * gib


@pytest.mark.parametrize("config", [{}, {"clipService": "true"}], ids=["plain", "with a GPU"])
def test_the_defaults_fit_a_new_project_singly_and_in_sum(site: Path, config: dict[str, str]) -> None:
    shares = list(asked(declare(site, **config)))
    assert sum(cpu for cpu, _ in shares) <= 20
    assert sum(memory for _, memory in shares) <= 40


def test_more_than_the_project_has_is_refused_with_what_takes_it(site: Path) -> None:
    expected = r"and Cloud Run gives the project 20 and 40 in a region \(.*sample 21 × = 21 vCPU, 42 GiB.*set cpuQuota"
    with pytest.raises(ProgramFailed, match=expected):
        declare(site, functionMaxInstances="21")


def test_a_project_that_has_more_may_use_it(site: Path) -> None:
    graph = declare(site, functionMaxInstances="21", cpuQuota="200", memoryQuota="400")
    assert graph.named("Function", "sample").inputs["serviceConfig"]["maxInstanceCount"] == 21


def test_memory_alone_can_be_too_much() -> None:
    quota = Quota(cpu=20, memory=40)
    quota.take("a", 10, "1", "4Gi")
    quota.check()
    quota.take("b", 1, "0.5", "512Mi")
    with pytest.raises(
        ValueError, match=r"take 10\.5 vCPU and 40\.5 GiB, .* \(a 10 × = 10 vCPU, 40 GiB; b 1 × = 0\.5 vCPU"
    ):
        quota.check()


def test_an_amount_in_another_unit_is_refused() -> None:
    with pytest.raises(ValueError, match="memory='1G': expected a number and Mi or Gi"):
        Quota().take("a", 1, "1", "1G")
