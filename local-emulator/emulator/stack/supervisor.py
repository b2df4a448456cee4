"""The supervisor of a stack: starts everything, keeps it running, restarts a part of it, takes it down."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from ..declaration.cloud import Cloud, signed_in
from ..declaration.endpoints import Endpoints
from ..emulators.cloud_scheduler import Timers
from ..errors import NotRunning, StackError, StartFailed
from ..paths import PROJECT, ROOT, StackPaths
from ..processes.logfiles import LogFile, file_of
from ..processes.memory import MemoryWatch
from ..processes.pids import born
from ..processes.ports import Ports, secret_of
from ..processes.process import EMULATOR, Process, ProcessSpec, ProcessState
from .console import Console
from .emulators import addresses, emulators
from .state import ResourceState, State, StateFile, Status

if TYPE_CHECKING:
    from ..declaration.declared import Declaration
    from ..declaration.environment import Addresses
    from ..declaration.realise import Present
    from ..declaration.realise.context import Context

READY_WITHIN = 30.0  # s for any one process, on a machine that is busy with something else
_GRACE, _EMULATORS_GRACE = 5.0, 10.0  # s between SIGTERM and SIGKILL; a JVM may have classes to archive


class Supervisor:
    """One stack, from up to down. `progress` is told, in sentences, how far it is.

    `instances`: so many of each service and function that may have them; all but the declared least start on demand.
    """

    def __init__(self, paths: StackPaths, progress: Callable[[str], None], instances: int = 1) -> None:
        self._instances = instances
        self._began = time.monotonic()
        self._paths = paths
        self._progress = progress
        self._log = LogFile(file_of(paths.logs, "supervisor"))
        self._file = StateFile(paths.state, State(paths.name, os.getpid()))
        self.state = self._file.state
        self._ports = Ports(f"{paths.name}/{secret_of(paths.base)}", self._say)
        self._processes: list[Process] = []
        self._lock = threading.Lock()  # nothing is started once it goes down
        self._timers = Timers(self._log.write)
        self._memory = MemoryWatch(lambda: list(self._processes))
        self._restarting = threading.Lock()
        self._addresses: Addresses | None = None
        self._context: Context | None = None  # of what the emulators hold
        self._sources: dict[str, str] = {}  # the fingerprint of each workload's files, as they were laid out
        self._console = Console(self._ports.port_for("console"), paths, self._file, self.restart)

    def bring_up(self) -> Endpoints:
        """Returns when everything is ready. Raises StackError, before anything is started where credentials fail."""
        cloud = signed_in()
        self._console.start()
        self._say(f"console at {self._console.url}")
        self._tell(cloud)
        for spec in emulators(self._paths, self._ports, PROJECT, self._say, cloud):
            self._run(spec)
        from ..declaration.declared import declare  # its imports take a moment: the emulators start meanwhile

        places = self._addresses = replace(addresses(self._ports, cloud), writes=self._console.documents)
        declaration = declare(self._paths, places, self._ports, self._say)
        self._sources = self._fingerprints(declaration)
        self._say(f"{len(declaration.graph.resources)} resources declared in infra/")
        if not any(declaration.graph.of("gcp:compute/instance:Instance")):
            self._say("no RTMP: nginx with its RTMP module is missing (apt-get install nginx libnginx-mod-rtmp)")
        self._realise(declaration)
        for process in self._processes:
            process.wait_ready(READY_WITHIN)
        self._keep_time(declaration)
        endpoints = self.state.endpoints = declaration.endpoints(self._console.url)
        self.state.seconds = round(time.monotonic() - self._began, 2)
        self._say(f"ready after {self.state.seconds:.1f} s")
        self._file.become(Status.READY)
        self._let_sign_in(declaration)
        return endpoints

    def restart(self, name: str | None) -> list[str]:
        """Restarts the resource `name`; without a name, each function, service, job and machine whose files changed.

        infra/ is evaluated again and the tree of a workload is laid out again, so that new files count. Returns the
        names of what was restarted, once it is ready. Raises NotRunning for a name that does not run, StartFailed,
        and StackError for a declaration that cannot be brought up; then what runs goes on.
        """
        from ..declaration import realise
        from ..declaration.declared import declare

        with self._restarting:
            if self.state.status != Status.READY or self._addresses is None:
                raise NotRunning(f"the stack {self._paths.name} is {self.state.status}, not ready")
            declaration = declare(self._paths, self._addresses, self._ports, self._say)
            context = declaration.context(self._paths, self._instances)
            now = self._fingerprints(declaration)
            changed = [one for one, found in now.items() if found != self._sources.get(one)]
            names = changed if name is None else [name]
            specs: list[ProcessSpec] = []
            for one in names:
                if one in now:
                    specs += realise.relaid(context, one, ROOT / "infra")
                    self._sources[one] = now[one]
                else:
                    specs.append(self._find(one, now).spec)
            self._replace(specs)
            if names:
                self._say(f"restarted {', '.join(names)}")
            return names

    def fail(self, error: StackError) -> None:
        """Says why it did not come up."""
        self.state.error = str(error)
        self.state.log = list(error.tail) if isinstance(error, StartFailed) else []
        self._log.write(f"failed: {error}")

    def take_down(self) -> None:
        """Stops what runs: first what serves, then the emulators that it needs until its end."""
        with self._lock:
            self._file.become(Status.STOPPING)
        self._say("going down")
        self._timers.stop()
        self._memory.stop()
        for emulator in (False, True):
            grace = _EMULATORS_GRACE if emulator else _GRACE
            stopping = [process for process in self._processes if (process.spec.kind == EMULATOR) == emulator]
            _stop_all(stopping, grace)
        self._console.stop()
        shutil.rmtree(self._paths.gcs, ignore_errors=True)  # the documents that describe the objects are gone too
        self._log.write("--- down ---")
        self._log.close()
        self._file.become(Status.FAILED if self.state.error else Status.STOPPED)

    def _let_sign_in(self, declaration: Declaration) -> None:
        """Starts the Auth emulator: it takes seconds, in which everything else can be used."""
        from ..declaration import realise

        specs = realise.sign_in(declaration.context(self._paths))
        for spec in specs:
            self._run(spec)
        if not specs:
            self._say("signing in is off: the Auth emulator is not installed (make setup)")

    def _tell(self, cloud: Cloud) -> None:
        """Says who is billed, at once and in the console."""
        for service, sentence in zip(cloud.services, cloud.says(), strict=True):
            self._say(sentence)
            self._file.put(ResourceState(service, "google", "present", detail=sentence, link=cloud.console(service)))

    def _realise(self, declaration: Declaration) -> None:
        from ..declaration import realise

        context = self._context = declaration.context(self._paths, self._instances)

        def fill(emulator: str) -> None:
            self._ready(emulator)
            self._show(realise.held_by(emulator, context))
            if emulator == "gcs":
                for spec in realise.processes(context, ROOT / "infra"):
                    self._run(spec)

        pool = ThreadPoolExecutor()
        try:
            for done in [pool.submit(fill, emulator) for emulator in ("gcs", "pubsub", "firestore")]:
                done.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        self._show(realise.wiring(context, ROOT / "infra"))
        self._say("buckets, topics, subscriptions and rules are there")

    def _keep_time(self, declaration: Declaration) -> None:
        from ..declaration import realise

        for timer in realise.timers(declaration.context(self._paths)):
            self._timers.start(timer)
            self._show([realise.Present(timer.name, "schedule", timer.cron, timer.url)])

    def _fingerprints(self, declaration: Declaration) -> dict[str, str]:
        from ..declaration import realise

        found = realise.sources(declaration.graph, ROOT / "infra")
        return {name: realise.fingerprint(files) for name, files in found.items()}

    def _find(self, name: str, others: Iterable[str] = ()) -> Process:
        found = next((process for process in self._processes if process.spec.name == name), None)
        if found is None:
            known = sorted({*others, *(process.spec.name for process in self._processes)})
            raise NotRunning(f"invalid resource {name!r}: expected one of {', '.join(known)}")
        return found

    def _replace(self, specs: list[ProcessSpec]) -> None:
        """Stops the processes of the same names, then starts these. Raises StartFailed."""
        names = {spec.name for spec in specs}
        before = [process for process in self._processes if process.spec.name in names]
        _stop_all(before, _GRACE)
        for process in before:
            self._processes.remove(process)
        for spec in specs:
            self._run(spec)
        for spec in specs:
            self._ready(spec.name)

    def _ready(self, name: str) -> None:
        self._find(name).wait_ready(READY_WITHIN)

    def _show(self, present: Iterable[Present]) -> None:
        for found in present:
            self._file.put(ResourceState(found.name, found.kind, "present", detail=found.detail, link=found.link))

    def _run(self, spec: ProcessSpec) -> None:
        with self._lock:
            if self.state.status not in (Status.STARTING, Status.READY):
                raise StartFailed(f"{spec.name} is not started: the stack is {self.state.status}")
            self._processes.append(Process(spec, self._paths.logs, self._on_change))

    def _on_change(self, process: Process) -> None:
        spec, pid = process.spec, process.pid
        self._log.write(f"{spec.name}: {process.state}")
        self._file.put(
            ResourceState(
                *(spec.name, spec.kind, process.state, pid, born(pid), spec.port, process.restarts),
                detail=process.last_exit,
            )
        )
        if process.state == ProcessState.RUNNING and self.state.status == Status.STARTING:
            self._say(f"{spec.name} is ready")
        if process.state == ProcessState.RUNNING and process.restarts and spec.name in ("pubsub", "firestore"):
            self._fill_again(spec.name)

    def _fill_again(self, emulator: str) -> None:
        """Declares again what an emulator held that began again: without rules, Firestore lets everything through."""
        from ..declaration import realise

        if self._context is None:
            return
        try:
            realise.held_by(emulator, self._context)
        except StackError as error:
            self._say(f"{emulator} began again, and is empty: {error}")

    def _say(self, message: str) -> None:
        line = f"{time.monotonic() - self._began:5.2f} s  {message}"
        self._log.write(line)
        self._file.say(line)
        self._progress(line)


def _stop_all(processes: list[Process], grace: float) -> None:
    with ThreadPoolExecutor(max_workers=max(1, len(processes))) as pool:
        for done in [pool.submit(process.stop, grace) for process in processes]:
            done.result()
