"""Cloud Run's front end, which listens where services and functions are called."""

from __future__ import annotations

import sys

from ...emulators.cloud_run import workload
from ...paths import ROOT
from ...processes.process import EMULATOR, ProcessSpec
from ...processes.ready import listens
from ..environment import of_emulator
from .context import Context
from .instances import workloads


def process(context: Context) -> ProcessSpec:
    """The process of the front end; it is stopped after the instances, as an emulator is."""
    served = workloads(context)
    workload.write(context.workloads, served)
    options = ("--workloads", str(context.workloads), "--project", context.project)
    ports = [one.port for one in served]
    return ProcessSpec(
        name="cloud-run",
        kind=EMULATOR,
        command=(sys.executable, "-m", "emulator.emulators.cloud_run", *options),
        env=of_emulator(ROOT),
        cwd=ROOT,
        port=ports[0] if ports else 0,
        ready=listens(*ports),
    )
