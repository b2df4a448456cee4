"""Cloud Run jobs: registered with the emulator of Cloud Run's Admin API, which runs them when they are asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...emulators.run_admin.registered import JobSpec, register
from ..graph import Resource
from .context import Context, Present
from .instances import memory_of
from .services import environment, lay_out, single, workdir

_TIMEOUT, _RETRIES = "600s", 3  # Cloud Run's, where nothing is declared


def jobs(context: Context, infra: Path) -> list[Present]:
    """Lays each job's image out and registers it. Paths in the declaration are relative to `infra`."""
    return [_register(context, job, infra) for job in context.graph.of("gcp:cloudrunv2/job:Job")]


def _register(context: Context, job: Resource, infra: Path) -> Present:
    execution: dict[str, Any] = job.inputs["template"]
    task: dict[str, Any] = execution["template"]
    container = single(job, task["containers"])
    image = lay_out(context, job, container, infra)
    spec = JobSpec(
        name=job.id,
        image=container["image"],
        command=tuple(container.get("commands") or image.command),
        args=tuple(container.get("args") or ()),
        env=environment(context, job, container, image, {}),
        cwd=str(workdir(context, job, image)),
        timeout=float(task.get("timeout", _TIMEOUT).removesuffix("s")),
        max_retries=int(task.get("maxRetries", _RETRIES)),
        task_count=int(execution.get("taskCount", 1)),
        service_account=task.get("serviceAccount", ""),
        memory=memory_of(container),
    )
    register(context.jobs, spec)
    return Present(job.name, "job", " ".join(spec.command))
