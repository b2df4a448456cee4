"""What a workload reads from its environment is found in its source, entry point by entry point."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.declaration.graph import Graph, variables
from emulator.declaration.graph.errors import UnreadableSource, UnsetVariable
from pipeline.domain import settings

SERVICE = "gcp:cloudrunv2/service:Service"


def reads(graph: Graph, root: Path, name: str) -> dict[str, bool]:
    return next(dict(w.reads) for w in variables.workloads(graph, root) if w.resource.name == name)


def test_a_function_reads_what_its_own_handler_reads(graph: Graph, root: Path) -> None:
    assert "ADMIN_KEY" not in reads(graph, root, "sample")
    assert "ADMIN_KEY" not in reads(graph, root, "detect")
    assert "DETECT_KINDS" in reads(graph, root, "detect")
    assert "DETECT_KINDS" not in reads(graph, root, "sample")


def test_a_service_reads_what_its_package_reads(graph: Graph, root: Path) -> None:
    found = reads(graph, root, "ingest")
    assert found["SEGMENT_SECONDS"] is False
    assert "ADMIN_KEY" not in found
    assert reads(graph, root, "front")["ADMIN_KEY"] is True


def test_everybody_reads_the_common_ones_and_whether_they_are_required_agrees(graph: Graph, root: Path) -> None:
    required = {s.variable: s.default is None for s in settings.declared()}
    for workload in variables.workloads(graph, root):
        for name in ("GOOGLE_CLOUD_PROJECT", "MEDIA_BUCKET", "FIRESTORE_DATABASE"):
            assert workload.reads[name] == required[name]


def test_a_missing_variable_is_an_error_that_names_function_and_variable(
    broken: Callable[..., Graph], graph: Graph, root: Path
) -> None:
    variables.check(graph, root)
    damaged = broken(SERVICE, "front", inputs={"template.containers.0.envs": []})
    with pytest.raises(UnsetVariable, match=r"Service front: .* is not set"):
        variables.check(damaged, root)


def test_an_empty_variable_counts_as_missing(broken: Callable[..., Graph], root: Path) -> None:
    damaged = broken("Function", "detect", inputs={"serviceConfig.environmentVariables.MEDIA_BUCKET": ""})
    with pytest.raises(UnsetVariable, match="Function detect: MEDIA_BUCKET"):
        variables.check(damaged, root)


def test_a_source_that_is_not_python_is_an_error_that_names_file_and_line(graph: Graph, tmp_path: Path) -> None:
    for folder in ("functions", "runner/front"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "runner" / "front" / "app.py").write_text("import os\ndef app( -> None: ...\n")
    with pytest.raises(UnreadableSource, match=r"runner/front/app\.py:2: invalid syntax"):
        variables.check(graph, tmp_path)
