"""The emulators of a stack, as processes: Google's for Pub/Sub and Firestore, ours for the others."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from ..accounts import OWNER
from ..declaration.cloud import Cloud
from ..declaration.environment import Addresses, minimal, of_emulator
from ..declaration.graph.outputs import service_agent
from ..emulators import google_emulators
from ..paths import MEDIA, ROOT, StackPaths
from ..processes.ports import Ports
from ..processes.process import EMULATOR, ProcessSpec
from ..processes.ready import grpc_serving, http_answers, listens

_GOOGLES = ("pubsub", "firestore")  # they answer every page that finds them: browsers come in by a door
_NAMES = ("gcs", "pubsub", "firestore", "vision", "run_admin", "speech", "auth")  # in the order of Addresses


def addresses(ports: Ports, cloud: Cloud | None = None) -> Addresses:
    """The addresses of this stack's emulators; empty for one that is not started."""
    own = cloud or Cloud()
    hosts = ("" if name in own.without_emulator else _address(name, ports) for name in _NAMES)
    return Addresses(*hosts, cloud=own)


def _address(name: str, ports: Ports) -> str:
    if name in _GOOGLES:
        return f"{ports.hidden_host}:{ports.port_for(f'{name}-emulator')}"
    return f"127.0.0.1:{ports.port_for(name)}"


def emulators(
    paths: StackPaths, ports: Ports, project: str, progress: Callable[[str], None], cloud: Cloud | None = None
) -> list[ProcessSpec]:
    """The processes, the slowest to start first. Raises ToolMissing.

    Vision and Speech are other machines in the cloud: here they give way to the path that a segment takes. Where
    Google's own service answers (`cloud`), or none is called, its emulator is not started.
    """
    specs = [
        _firestore(ports, paths.base, progress),
        _door(ports),
        _pubsub(ports, paths.base, progress),
        _gcs(paths, ports, project),
        _vision(ports, MEDIA / "marks"),
        _run_admin(paths, ports),
        _speech(ports),
    ]
    replaced = (cloud or Cloud()).without_emulator
    return [spec for spec in specs if spec.name.removesuffix("-door") not in replaced]


def _firestore(ports: Ports, folder: Path, progress: Callable[[str], None]) -> ProcessSpec:
    host, port = ports.hidden_host, ports.port_for("firestore-emulator")
    command, classes = google_emulators.firestore(port, ports.port_for("firestore-websocket"), folder, progress, host)
    return _googles("firestore", command, classes, folder, host, port)


def _door(ports: Ports) -> ProcessSpec:
    """What browsers call as Firestore: `firestoreEmulator` of the page's config.json."""
    port = ports.port_for("firestore")
    command = (sys.executable, "-m", "emulator.emulators.google_emulators.door", "--port", str(port))
    command += ("--to", addresses(ports).firestore)
    return ProcessSpec("firestore-door", EMULATOR, command, of_emulator(ROOT), ROOT, port, listens(port))


def _pubsub(ports: Ports, folder: Path, progress: Callable[[str], None]) -> ProcessSpec:
    host, port = ports.hidden_host, ports.port_for("pubsub-emulator")
    command, classes = google_emulators.pubsub(port, folder, progress, host)
    return _googles("pubsub", command, classes, folder, host, port)


def _googles(
    name: str, command: tuple[str, ...], classes: google_emulators.ClassArchive, folder: Path, host: str, port: int
) -> ProcessSpec:
    ready = http_answers(port, "/", below=300, host=host)
    exits = google_emulators.EXITS
    return ProcessSpec(name, EMULATOR, command, _java_env(), folder, port, ready, ended=classes.ended, exits=exits)


def _gcs(paths: StackPaths, ports: Ports, project: str) -> ProcessSpec:
    at = addresses(ports)
    port = ports.port_for("gcs")
    journal = os.environ.get("GCS_JOURNAL")  # how tests ask for it
    options = ("--data", str(paths.gcs), "--pubsub", at.pubsub, "--project", project, "--owner", OWNER)
    options += ("--journal", journal) if journal else ()
    return _ours("gcs", port, options, http_answers(port, "/", below=300))


def _vision(ports: Ports, marks: Path) -> ProcessSpec:
    port = ports.port_for("vision")
    options = ("--marks", str(marks), "--storage-endpoint", f"http://{addresses(ports).storage}")
    for option in ("latency", "quota"):  # as a test or a person wants it: VISION_LATENCY, VISION_QUOTA
        if value := os.environ.get(f"VISION_{option.upper()}"):
            options += (f"--{option}", value)
    return _ours("vision", port, options, grpc_serving(port), gives_way=True)


def _run_admin(paths: StackPaths, ports: Ports) -> ProcessSpec:
    port = ports.port_for("run_admin")
    options = ("--jobs", str(paths.jobs), "--logs", str(paths.logs))
    return _ours("run_admin", port, options, grpc_serving(port))


def _speech(ports: Ports) -> ProcessSpec:
    port = ports.port_for("speech")
    options = ("--storage", addresses(ports).storage, "--account", service_agent("speech"))
    return _ours("speech", port, options, grpc_serving(port), gives_way=True)


def _ours(
    name: str, port: int, options: tuple[str, ...], ready: Callable[[], bool], gives_way: bool = False
) -> ProcessSpec:
    command = (sys.executable, "-m", f"emulator.emulators.{name}", "--host", "127.0.0.1", "--port", str(port), *options)
    return ProcessSpec(name, EMULATOR, command, of_emulator(ROOT), ROOT, port, ready, gives_way)


def _java_env() -> dict[str, str]:
    home = os.environ.get("JAVA_HOME")
    return {**minimal(), **({"JAVA_HOME": home} if home else {})}
