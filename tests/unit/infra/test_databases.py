"""Which account may use which database: those whose code opens what strangers send have no right to `control`."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import grimp
import pytest
from tests.unit.infra.declared import ROOT, declare

from emulator.declaration.graph import Graph
from emulator.declaration.graph.lints.access import accounts_used
from emulator.declaration.realise.accounts import databases
from emulator.emulators.firestore.permits import READ, WRITE

MAIN, CONTROL = (f"projects/acme-video/databases/{name}" for name in ("(default)", "control"))
INDEXES = ("firestore.indexes.json", "firestore.control.indexes.json")
LIBRARIES = ("av", "cv2", "PIL")
"""What opens media and pictures: FFmpeg, and decoders of JPEG, PNG and WebP."""
CHECKED = {
    "front": "what it opens was sent by a member or by the signed announcements of a named host, or written by sample"
}
"""Workloads that import these and may use `control` all the same, and why."""
PACKAGES = {
    "ingest": "ingest",
    "front": "front",
    "clip": "clip",
    "importer": "importer",
    "cutter": "cutter",
    "rtmp": "rtmp",
}
"""The package that each container runs; those beside it are imported from there."""


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph("pipeline", *PACKAGES, "sender", include_external_packages=True)


def rights(graph: Graph) -> dict[str, dict[str, str]]:
    """The databases of each workload, by its name."""
    return {
        workload.name: databases(graph, email)
        for workload, email in accounts_used(graph)
        if workload.type.rpartition(":")[2] in ("Service", "Job", "Instance", "Function")
        and not workload.type.startswith("gcp:cloudscheduler/")
    }


def packages() -> dict[str, str]:
    """The package that each workload runs: of a function, the one of its handler, whose modules it may load by name."""
    tree = ast.parse((ROOT / "functions" / "main.py").read_text())
    [handlers] = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "HANDLERS"
    ]
    return PACKAGES | {name: module.rpartition(".")[0] for name, module in ast.literal_eval(handlers).items()}


def opened(imports: grimp.ImportGraph, package: str) -> set[str]:
    """The libraries that a package imports, itself or through others."""
    inside = {package, *imports.find_descendants(package)}
    return {name for name in LIBRARIES if any(name in imports.find_upstream_modules(module) for module in inside)}


def test_each_account_may_use_the_databases_that_it_needs(site: Path) -> None:
    assert rights(declare(site, clipService="true", rtmpServer="true")) == {
        "ingest": {MAIN: WRITE},
        "importer": {MAIN: WRITE},
        "cutter": {MAIN: WRITE},
        "sample": {MAIN: WRITE},
        "transcribe": {MAIN: WRITE},
        "detect": {MAIN: WRITE},
        "remote": {MAIN: WRITE},
        "batch": {MAIN: WRITE},
        "track": {MAIN: WRITE},
        "bury": {MAIN: WRITE},
        "rules": {MAIN: WRITE},
        "deliver": {MAIN: WRITE},
        "clip": {MAIN: READ},
        "rtmp": {},
        "front": {MAIN: WRITE, CONTROL: WRITE},
        "imports": {MAIN: WRITE, CONTROL: WRITE},
        "housekeep": {MAIN: WRITE, CONTROL: WRITE},
    }


def test_what_opens_media_or_pictures_has_no_right_to_control(site: Path, imports: grimp.ImportGraph) -> None:
    run, given = packages(), rights(declare(site, clipService="true", rtmpServer="true"))
    assert run.keys() == given.keys()
    opening = {name for name, package in run.items() if opened(imports, package)}
    assert opening >= {
        "ingest",
        "importer",
        "cutter",
        "sample",
        "transcribe",
        "detect",
        "remote",
        "batch",
        "track",
        "clip",
        "front",
    }, "they were seen to"
    assert {name for name in opening if CONTROL in given[name]} == CHECKED.keys()


def test_only_those_with_a_right_to_control_are_told_its_name(site: Path) -> None:
    graph = declare(site)
    told = {
        function.name
        for function in graph.of("Function")
        if "CONTROL_DATABASE" in function.inputs["serviceConfig"]["environmentVariables"]
    }
    assert told == {name for name, given in rights(graph).items() if CONTROL in given} - {"front"}


def test_beside_another_database_control_has_another_name(site: Path) -> None:
    graph = declare(site, database="second")
    names = {database.name: database.inputs["name"] for database in graph.of("gcp:firestore/database:Database")}
    assert names == {"database": "second", "control": "second-control"}
    released = graph.named("Release", "control-firestore").inputs["name"]
    assert released == "cloud.firestore/second-control"


def test_both_databases_serve_the_list_of_the_audit() -> None:
    """Its query is the same in both: the lint of queries knows one declaration of indexes."""
    main, control = (json.loads((ROOT / "infra" / name).read_text()) for name in INDEXES)
    assert [index for index in main["indexes"] if index["collectionGroup"] == "audit"] == control["indexes"]
    overrides = (main["fieldOverrides"], control["fieldOverrides"])
    audit, there = ([one for one in known if one["collectionGroup"] == "audit"] for known in overrides)
    assert audit == there
