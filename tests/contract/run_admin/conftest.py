"""One emulator per test run, and jobs that are small Python programs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import grpc
import pytest
from google.cloud import run_v2
from google.cloud.run_v2.services.executions.transports import ExecutionsGrpcTransport
from google.cloud.run_v2.services.jobs.transports import JobsGrpcTransport
from tests.servers import await_ready, free_port

from emulator.emulators.run_admin.registered import JobSpec, register
from emulator.processes.ready import grpc_serving

ROOT = Path(__file__).parents[3]
PARENT = "projects/p/locations/europe-west1"


@dataclass
class Emulator:
    """A running emulator: Google's unpatched clients of it, its folders, its process."""

    jobs: run_v2.JobsClient
    executions: run_v2.ExecutionsClient
    channel: grpc.Channel
    folder: Path
    process: subprocess.Popen[bytes]

    def log(self, job: str) -> str:
        """What executions of `job` wrote."""
        return (self.folder / "logs" / f"{job}.log").read_text()


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("run_admin")
    port = free_port()
    command = [sys.executable, "-m", "emulator.emulators.run_admin", "--port", str(port)]
    command += ["--jobs", str(folder / "jobs"), "--logs", str(folder / "logs")]
    process = subprocess.Popen(command, cwd=ROOT / "local-emulator")
    await_ready(process, grpc_serving(port))
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        yield Emulator(
            run_v2.JobsClient(transport=JobsGrpcTransport(channel=channel)),
            run_v2.ExecutionsClient(transport=ExecutionsGrpcTransport(channel=channel)),
            channel,
            folder,
            process,
        )
    process.terminate()
    assert process.wait(40) == 0


@pytest.fixture
def job(emulator: Emulator, request: pytest.FixtureRequest) -> Callable[..., str]:
    """Registers a job that runs a Python program, named after the test; returns its name."""

    def make(program: str, *, timeout: float = 60, max_retries: int = 0, task_count: int = 1, memory: int = 0) -> str:
        name = f"{PARENT}/jobs/{request.node.name.replace('_', '-')[:60]}"
        env = {"DECLARED": "yes", "PATH": "/usr/bin:/bin"}
        command = (sys.executable, "-u", "-c", program)
        spec = JobSpec(
            name, "image", command, ("given",), env, str(ROOT), timeout, max_retries, task_count, memory=memory
        )
        register(emulator.folder / "jobs", spec)
        return name

    return make
