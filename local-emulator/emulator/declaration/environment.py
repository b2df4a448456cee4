"""The environment of each process: what infra/ declares, what the platform gives, where the emulators are. No more.

Nothing is inherited from the shell that started the stack, so a variable that is not declared is missing here too.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..emulators.firestore import permits, record
from .cloud import Cloud

_HOOK = Path(record.__file__).parent / "hook"


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of the emulators, each host:port, and the services of Google that answer instead of one.

    `writes` is where the console counts the documents that workloads write; empty if it does not.
    """

    storage: str
    pubsub: str
    firestore: str
    vision: str
    run: str
    speech: str
    auth: str
    cloud: Cloud = field(default_factory=Cloud)
    writes: str = ""

    def env(self) -> dict[str, str]:
        """As Google's client libraries read them; `pipeline.cloud.clients` reads Vision's, Cloud Run's and Speech's."""
        hosts = {
            "STORAGE_EMULATOR_HOST": f"http://{self.storage}",
            "PUBSUB_EMULATOR_HOST": self.pubsub,
            "FIRESTORE_EMULATOR_HOST": self.firestore,
            "VISION_EMULATOR_HOST": self.vision,
            "RUN_EMULATOR_HOST": self.run,
            "SPEECH_EMULATOR_HOST": self.speech,
            "FIREBASE_AUTH_EMULATOR_HOST": self.auth,
        }
        return {name: host for name, host in hosts.items() if host} | dict(self.cloud.variables)


def minimal(programs: Path = Path(sys.executable).parent) -> dict[str, str]:
    """The variables of any program: its path (the folder `programs` first), a home, a language."""
    return {
        "PATH": os.pathsep.join([str(programs), "/usr/local/bin", "/usr/bin", "/bin"]),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": "C.UTF-8",
    }


def cloud_run(name: str, port: int) -> dict[str, str]:
    """The variables that Cloud Run gives to every container. https://cloud.google.com/run/docs/container-contract#env-vars"""
    return {"PORT": str(port), "K_SERVICE": name, "K_REVISION": f"{name}-00001-local", "K_CONFIGURATION": name}


def of_workload(
    declared: Mapping[str, str],
    platform: Mapping[str, str],
    addresses: Addresses,
    tree: Path,
    home: Path,
    programs: Path,
) -> dict[str, str]:
    """The whole environment of a function or a service whose code lies in `tree`, with a home of its own.

    `programs` is where the packages of its lock have their commands, Python among them.

    A declared variable wins over what a program merely needs, never over what the platform gives: Cloud Run refuses
    those names, and infra's lint says so.
    """
    local = {"HOME": str(home), "PYTHONPATH": str(tree), "PYTHONUNBUFFERED": "1"}
    return _recorded({**minimal(programs), **local, **declared, **platform, **addresses.env()}, addresses.writes)


def _recorded(env: dict[str, str], writes: str) -> dict[str, str]:
    """The same, for a process that may use some databases only, that tells its writes of documents, and that notes its
    queries where tests ask for that."""
    told = {record.VARIABLE: os.environ.get(record.VARIABLE, ""), record.CONSOLE: writes}
    told = {name: where for name, where in told.items() if where}
    if not told and permits.VARIABLE not in env:
        return env
    return env | told | {"PYTHONPATH": os.pathsep.join((env["PYTHONPATH"], str(_HOOK)))}


def of_emulator(root: Path) -> dict[str, str]:
    """The environment of our own emulators, which run from the repository."""
    roots = os.pathsep.join(str(root / folder) for folder in ("local-emulator", "functions"))
    return {**minimal(), "PYTHONPATH": roots, "PYTHONUNBUFFERED": "1"}
