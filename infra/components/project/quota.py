"""Cloud Run's quota of a project in one region, and the largest share that each declared workload may take of it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Share:
    """All containers of one workload together: vCPU and GiB."""

    instances: int
    cpu: float
    memory: float


@dataclass(frozen=True, slots=True)
class Quota:
    """`cpu` in vCPU, `memory` in GiB: together for all services, functions and jobs. A new project has 20 and 40.

    Cloud Run refuses a service that alone could take more. Where all of them together could, requests are refused (429)
    while they do, and events with them.
    """

    cpu: float = 20
    memory: float = 40
    shares: dict[str, Share] = field(default_factory=dict[str, Share])
    waiting: dict[str, Share] = field(default_factory=dict[str, Share])

    def wait(self, workload: str, cpu: str, memory: str) -> None:
        """`workload` runs for no viewer, and where there is no room it is started again later. The largest such one is
        counted, once."""
        self.waiting[workload] = Share(1, float(cpu), _gib(memory))

    def take(self, workload: str, instances: int, cpu: str, memory: str) -> None:
        """`workload` may run in `instances` containers, each with `cpu` vCPU and `memory` (`512Mi`, `2Gi`)."""
        self.shares[workload] = Share(instances, instances * float(cpu), instances * _gib(memory))

    def check(self) -> None:
        """Raises ValueError if all shares together exceed the quota; the message says what would be right."""
        jobs = self.waiting.values()
        cpu = sum(share.cpu for share in self.shares.values()) + max((job.cpu for job in jobs), default=0)
        memory = sum(share.memory for share in self.shares.values()) + max((job.memory for job in jobs), default=0)
        if cpu <= self.cpu and memory <= self.memory:
            return
        parts = "; ".join(
            f"{name} {s.instances} × = {s.cpu:g} vCPU, {s.memory:g} GiB"
            for name, s in sorted((self.shares | self.waiting).items())
        )
        raise ValueError(
            f"all containers together would take {cpu:g} vCPU and {memory:g} GiB, and Cloud Run gives the project "
            f"{self.cpu:g} and {self.memory:g} in a region ({parts}). Lower functionMaxInstances, ingestMaxInstances "
            "or clipMaxInstances; or have the quota raised, and set cpuQuota and memoryQuota to what it is"
        )


def _gib(memory: str) -> float:
    for unit, size in (("Mi", 1 / 1024), ("Gi", 1.0)):
        if memory.endswith(unit):
            return float(memory.removesuffix(unit)) * size
    raise ValueError(f"memory={memory!r}: expected a number and Mi or Gi")
