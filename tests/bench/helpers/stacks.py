"""The running stack of a benchmark: one of its own, or, in the tiny size, one for all of them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from contextlib import ExitStack, contextmanager

from tests.bench.helpers.sized import TINY

from emulator.declaration.endpoints import Endpoints
from emulator.paths import stack_paths
from emulator.stack import control
from pipeline.cloud import clients

_SHARED = "bench-tiny"
_shared = ExitStack()
_endpoints: list[Endpoints] = []
"""Those of the shared one, once it is up."""


@contextmanager
def running(name: str, instances: int = 1) -> Generator[tuple[str, Endpoints]]:
    """A stack's name and addresses, which the environment has too. It and all it stored are gone afterwards; the
    shared one stays up until `stop`.
    """
    if TINY:
        if not _endpoints:
            _endpoints.append(_shared.enter_context(_started(_SHARED, 1)))
        _use(_endpoints[0])
        yield _SHARED, _endpoints[0]
        return
    with _started(name, instances) as endpoints:
        _use(endpoints)
        yield name, endpoints


def stop() -> None:
    """Stops the shared one, if it is up."""
    _endpoints.clear()
    _shared.close()


@contextmanager
def _started(name: str, instances: int) -> Generator[Endpoints]:
    try:
        yield control.start(name, instances=instances)
    finally:
        if control.find(name):
            control.stop(name)
        shutil.rmtree(stack_paths(name).base, ignore_errors=True)


def _use(endpoints: Endpoints) -> None:
    os.environ.update(endpoints.env())
    clients.forget()
