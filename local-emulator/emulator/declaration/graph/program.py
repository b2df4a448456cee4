"""Runs the Pulumi program in this process: no CLI, no engine, no provider, no network.

Uses private names of pulumi (the stack must be ours, or its exports are lost): infra/requirements.txt pins it exactly,
and tests/unit/graph has a canary.
"""

from __future__ import annotations

import asyncio
import contextvars
import gc
import os
import runpy
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime import mocks, settings
from pulumi.runtime import stack as pulumi_stack

from .errors import GraphError, ProgramFailed
from .model import Graph, Ports
from .monitor import Monitor
from .outputs import World

PROJECT = "media-analyzer"  # Pulumi.yaml's name, the namespace of its settings


def evaluate(
    root: Path,
    *,
    project: str,
    stack: str,
    config: Mapping[str, str] | None = None,
    ports: Ports | None = None,
    program: Callable[[], None] | None = None,
) -> Graph:
    """The graph of `root`/infra as it would be deployed to the Google Cloud project `project`.

    `config` is the stack's configuration; a key without a namespace is this project's. With `ports`, functions and
    services answer at http://127.0.0.1:PORT; without, at addresses like the cloud's. `program` replaces infra/ in
    tests. Raises GraphError. Not to be called inside a running event loop, nor from two threads at once (the program
    runs in its own folder, as under `pulumi up`): `load_or_evaluate` may be.
    """
    world = World(project=project, stack=stack, local=ports is not None)
    graph = capture(root, world, config or {}, program)
    return graph.with_ports(ports) if ports else graph


def capture(root: Path, world: World, config: Mapping[str, str], program: Callable[[], None] | None = None) -> Graph:
    """The same, in `world`; where it is local, with every `address` still to be filled in."""
    monitor = Monitor(world, root / "infra")
    values = {key if ":" in key else f"{PROJECT}:{key}": value for key, value in config.items()}
    values["gcp:project"] = world.project
    with _without_collections():
        contextvars.copy_context().run(_evaluate, monitor, values, program or _program(root / "infra"))
    return monitor.finished()


@contextmanager
def _without_collections() -> Generator[None]:
    """Hardly an object that an evaluation makes is garbage before its end: looking for some takes half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _program(folder: Path) -> Callable[[], None]:
    def run() -> None:
        with _in_folder(folder):
            runpy.run_path(str(folder / "__main__.py"), run_name="__main__")

    return run


@contextmanager
def _in_folder(folder: Path) -> Generator[None]:
    """The working directory, import path and modules that `pulumi up` would give the program, and back again."""
    path, modules, cwd = list(sys.path), set(sys.modules), Path.cwd()
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        os.chdir(cwd)
        sys.path[:] = path
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", None) or "").startswith(str(folder)):
                del sys.modules[name]


def _evaluate(monitor: Monitor, config: dict[str, str], body: Callable[[], None]) -> None:
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(_quiet)
    asyncio.set_event_loop(loop)
    try:
        outputs = set[asyncio.Future[Any]]()
        _configure(monitor, config, outputs)
        loop.run_until_complete(pulumi_stack.run_pulumi_func(lambda: _in_stack(body, outputs)))
    except Exception as error:
        raise _cause(monitor, error) from error
    finally:
        _close(loop)
    if monitor.error:
        raise monitor.error


def _quiet(_loop: asyncio.AbstractEventLoop, _context: dict[str, Any]) -> None:
    """One failure otherwise prints thousands of consequences."""


def _configure(monitor: Monitor, config: dict[str, str], outputs: set[asyncio.Future[Any]]) -> None:
    settings.ROOT.set(None)
    pulumi.runtime.set_all_config(config, [])
    features = set(monitor.GetDeploymentInfo(None).supportedFeatures)
    settings.configure(
        mocks.MockSettings(
            monitor=monitor,
            monitor_features=features,
            engine=mocks.MockEngine(None),
            project=PROJECT,
            stack=monitor.world.stack,
            dry_run=True,  # an output without an answer stays unknown, and is then an error
            organization="organization",
            callbacks=None,
            outputs=outputs,
        )
    )


async def _in_stack(body: Callable[[], None], outputs: set[asyncio.Future[Any]]) -> None:
    root = pulumi_stack.Stack()
    try:
        body()
    finally:
        root._finish()  # pyright: ignore[reportPrivateUsage]
    await _all_of(outputs)


async def _all_of(outputs: set[asyncio.Future[Any]]) -> None:
    """Waits for all outputs at once. Pulumi would wait for one after the other, beginning again with each."""
    while outputs:
        waited = list(outputs)
        outputs.clear()
        await asyncio.gather(*waited)


def _cause(monitor: Monitor, error: Exception) -> GraphError:
    if monitor.error:
        return monitor.error
    if isinstance(error, GraphError):
        return error
    return ProgramFailed(f"the program in infra/ failed: {type(error).__name__}: {error}")


def _close(loop: asyncio.AbstractEventLoop) -> None:
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    asyncio.set_event_loop(None)
