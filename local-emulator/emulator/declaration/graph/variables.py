"""The environment variables that a deployable reads, found in its source without running it.

`pipeline.settings.setting("NAME", help[, default])` declares one; those of every module that the deployable imports
count, at the top of the module or inside its entry point.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from .assets import Archive, FileAsset
from .errors import UnreadableSource, UnsetVariable
from .model import Graph, Resource

_FRAMEWORK = {"THREADS": False}  # what the functions framework itself reads


@dataclass(frozen=True, slots=True)
class Workload:
    """Something that runs: its declared variables, those that its source reads (name -> whether required), and the
    modules of others that it imports."""

    resource: Resource
    declared: Mapping[str, str]
    secret: frozenset[str]
    reads: Mapping[str, bool]
    imports: frozenset[str]


def check(graph: Graph, root: Path) -> None:
    """Raises UnsetVariable where a workload lacks a variable without which it would not start."""
    for workload in workloads(graph, root):
        for name, required in workload.reads.items():
            if required and not workload.declared.get(name) and name not in workload.secret:
                raise UnsetVariable(f"{workload.resource.label}: {name} is not set, and its source requires it")


def workloads(graph: Graph, root: Path) -> list[Workload]:
    """Every function, service and job. The source of a service or job is runner/{name}."""
    functions = [_function(graph, resource) for resource in graph.of("gcp:cloudfunctionsv2/function:Function")]
    services = graph.of("gcp:cloudrunv2/service:Service")
    jobs = graph.of("gcp:cloudrunv2/job:Job")
    return [
        *functions,
        *(_container(service, service.inputs["template"], root) for service in services),
        *(_container(job, job.inputs["template"]["template"], root) for job in jobs),
    ]


def _function(graph: Graph, resource: Resource) -> Workload:
    config = resource.inputs["serviceConfig"]
    build = resource.inputs["buildConfig"]
    stored = build["source"]["storageSource"]["object"]
    archive = next(o for o in graph.of("BucketObject") if o.outputs["name"] == stored).inputs["source"]
    secret = frozenset(entry["key"] for entry in config.get("secretEnvironmentVariables") or [])
    reads, imports = _Sources.of(archive).reach("main", build["entryPoint"])
    reads = {**reads, **_FRAMEWORK}
    return Workload(resource, config.get("environmentVariables") or {}, secret, reads, frozenset(imports))


def _container(resource: Resource, template: Mapping[str, Any], root: Path) -> Workload:
    container = template["containers"][0]
    envs = container.get("envs") or []
    declared = {env["name"]: env["value"] for env in envs if "value" in env}
    secret = frozenset(env["name"] for env in envs if "valueSource" in env)
    sources = _Sources.under(root / "functions", root / "runner")
    reads: dict[str, bool] = {}
    imports: set[str] = set()
    for module in sources.inside(resource.name):
        read, imported = sources.reach(module)
        reads |= read
        imports |= imported
    return Workload(resource, declared, secret, reads, frozenset(imports))


@dataclass(frozen=True, slots=True)
class _Sources:
    """Python files by the name of their module."""

    modules: Mapping[str, Path]

    @staticmethod
    def of(archive: Archive) -> _Sources:
        files = {name: entry.path for name, entry in archive.entries.items() if isinstance(entry, FileAsset)}
        return _Sources({_module(Path(name)): path for name, path in files.items() if name.endswith(".py")})

    @staticmethod
    def under(*roots: Path) -> _Sources:
        return _Sources({_module(file.relative_to(root)): file for root in roots for file in root.rglob("*.py")})

    def inside(self, package: str) -> list[str]:
        return [module for module in self.modules if module.split(".")[0] == package]

    def reach(self, start: str, entry_point: str | None = None) -> tuple[dict[str, bool], set[str]]:
        """Variables of `start` and of all that it imports, and what it imports that is not here; of its functions only
        `entry_point`, if given."""
        seen: set[str] = set()
        reads: dict[str, bool] = {}
        waiting = [start]
        while waiting:
            module = waiting.pop()
            if module in seen:
                continue
            seen.add(module)
            if module not in self.modules:
                continue
            package = module if self._is_package(module) else module.rpartition(".")[0]
            file = self.modules[module]
            try:
                found = _read(file.read_text(), package, entry_point if module == start else None)
            except SyntaxError as error:
                raise UnreadableSource(f"{file}:{error.lineno}: {error.msg}") from error
            reads |= dict(found.settings)
            waiting += found.imports
        ours = {module.partition(".")[0] for module in self.modules}
        return reads, {module for module in seen if module.partition(".")[0] not in ours}

    def _is_package(self, module: str) -> bool:
        return self.modules[module].name == "__init__.py"


def _module(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@dataclass(frozen=True, slots=True)
class _Found:
    """The settings that one module declares, and the modules that it may load."""

    settings: tuple[tuple[str, bool], ...]
    imports: tuple[str, ...]


@lru_cache(maxsize=1024)  # most modules are in every workload
def _read(text: str, package: str, entry_point: str | None) -> _Found:
    tree = ast.parse(text)
    if entry_point:
        tree.body = [n for n in tree.body if not isinstance(n, ast.FunctionDef) or n.name == entry_point]
    return _Found(tuple(_settings(tree)), (*_imports(tree, package), *_handler(tree, entry_point)))


def _handler(tree: ast.AST, entry_point: str | None) -> Iterator[str]:
    """The module that `tree` names for an entry point in its table HANDLERS, and loads by that name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and any(
            isinstance(to, ast.Name) and to.id == "HANDLERS" for to in node.targets
        ):
            handlers: dict[str, str] = ast.literal_eval(node.value)
            yield from (module for name, module in handlers.items() if name == entry_point)


def _settings(tree: ast.AST) -> Iterator[tuple[str, bool]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setting" and node.args:
            name = node.args[0]
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                has_default = len(node.args) > 2 or any(keyword.arg == "default" for keyword in node.keywords)
                yield name.value, not has_default


def _imports(tree: ast.AST, package: str) -> Iterator[str]:
    """Modules that `tree`, in `package`, may load: what is imported, and from a package its members."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".") if package else []
            origin = ".".join([*parts[: len(parts) - node.level + 1], node.module or ""]) if node.level else node.module
            base = (origin or "").strip(".")
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)
