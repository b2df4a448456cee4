"""The front end's process: `python -m emulator.emulators.cloud_run --workloads FILE --project PROJECT`."""

from __future__ import annotations

import argparse
import asyncio
import signal
from functools import partial
from pathlib import Path

import uvloop

from . import record, workload
from .client import Client
from .exchange import Exchange
from .pool import QUEUE_SECONDS, Pool
from .record import Outcome, Say

_BACKLOG = 1024


async def serve(
    workloads: list[workload.Workload], project: str, say: Say, queue_seconds: float = QUEUE_SECONDS
) -> list[asyncio.Server]:
    """Listens for all of them, on loopback; a request that finds no room waits `queue_seconds`.

    Raises OSError where a port is taken.
    """
    loop = asyncio.get_running_loop()
    return [
        await loop.create_server(
            partial(Client, served, Pool(served, queue_seconds), partial(_told, project, served, say)),
            "127.0.0.1",
            served.port,
            backlog=_BACKLOG,
        )
        for served in workloads
    ]


def _told(project: str, served: workload.Workload, say: Say, exchange: Exchange, outcome: Outcome, caller: str) -> None:
    say(record.line(record.entry(project, served, exchange.request, caller, exchange.trace, outcome)))


async def _run(workloads: list[workload.Workload], project: str) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    servers = await serve(workloads, project, record.say)
    await stopped.wait()
    for server in servers:
        server.close()


def main() -> None:
    """Until SIGTERM."""
    parser = argparse.ArgumentParser(prog="emulator.emulators.cloud_run", description="Cloud Run's front end.")
    parser.add_argument("--workloads", type=Path, required=True, help="what to serve: a file that `write` wrote")
    parser.add_argument("--project", required=True)
    options = parser.parse_args()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(workload.read(options.workloads), options.project))


if __name__ == "__main__":
    main()
