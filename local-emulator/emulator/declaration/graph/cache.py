"""Remembers a graph until something that the program reads has changed, and evaluates it in a process of its own.

Evaluating costs about a second with the imports, and Pulumi's memory for as long as the process lives; a stack that
comes up a second time pays neither.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..packages.environments import environment, of_deployable
from . import errors
from .errors import GraphError, ProgramFailed
from .model import Graph, Ports

READ = ("infra", "functions", "runner")  # by the program and by the check of variables
SITE = "web/dist"


def load_or_evaluate(
    root: Path, *, project: str, stack: str, config: Mapping[str, str], ports: Ports, cache: Path
) -> Graph:
    """The graph as `evaluate` gives it, checked for unset variables; kept in the folder `cache`.

    Put ports into `config` as `address(name)`, or the graph is evaluated again whenever they change. The cached file
    holds secrets: only its owner may read it. Raises GraphError.
    """
    request = {"root": str(root.resolve()), "project": project, "stack": stack, "config": dict(config)}
    file = cache / f"graph-{_key(root, request)}.json"
    try:
        graph = Graph.from_json(file.read_text())
    except (FileNotFoundError, ValueError, KeyError):
        text = _evaluate(request)
        graph = Graph.from_json(text)
        _keep(file, text)
    return graph.with_ports(ports)


def _key(root: Path, request: dict[str, Any]) -> str:
    digest = hashlib.sha256(json.dumps(request, sort_keys=True).encode())
    digest.update(of_deployable(root / "infra").digest.encode())
    for folder in (*(root / name for name in READ), Path(__file__).parent):
        for file in _files(folder):
            digest.update(f"{file}\0{hashlib.sha256(file.read_bytes()).hexdigest()}".encode())
    site = root / "infra" / request["config"].get("siteDir", f"../{SITE}")
    digest.update(repr([str(file) for file in _files(site)]).encode())  # only its names are in the graph
    return digest.hexdigest()[:16]


def _files(folder: Path) -> Iterator[Path]:
    return (f for f in sorted(folder.rglob("*")) if f.is_file() and "__pycache__" not in f.parts)


def _keep(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    for old in file.parent.glob("graph-*.json"):
        old.unlink(missing_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.touch(mode=0o600)
    part.write_text(text)
    part.replace(file)


def _evaluate(request: dict[str, Any]) -> str:
    python = environment("infra", of_deployable(Path(request["root"]) / "infra")) / "python"
    done = subprocess.run(
        [python, "-m", "emulator.declaration.graph"],
        input=json.dumps(request),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    if done.returncode == 0:
        return done.stdout
    try:
        failure = json.loads(done.stderr.splitlines()[-1])
    except (IndexError, ValueError):
        raise ProgramFailed(f"evaluating infra/ ended with {done.returncode}: {done.stderr.strip()}") from None
    kind: type[GraphError] = getattr(errors, failure["error"])
    raise kind(failure["message"])
