"""Which APIs a declaration needs: those of its resources, and those that the sources of its workloads call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from emulator.declaration.graph import Graph, variables
from emulator.declaration.graph.lints import apis


def test_every_api_that_is_needed_is_enabled_and_no_other(graph: Graph, root: Path) -> None:
    assert list(apis.enabled(graph, root)) == []


@pytest.mark.parametrize(
    ("api", "complaint"),
    [
        ("cloudresourcemanager", "IAMMember *: needs cloudresourcemanager.googleapis.com, which is not enabled"),
        ("pubsub", ": needs pubsub.googleapis.com, which is not enabled"),
        ("vision", ", which imports google.cloud.vision*: needs vision.googleapis.com, which is not enabled"),
        ("speech", ", which imports google.cloud.speech_v2: needs speech.googleapis.com, which is not enabled"),
        ("iamcredentials", "IAMMember *: needs iamcredentials.googleapis.com, which is not enabled"),
    ],
)
def test_an_api_that_is_not_enabled_is_told_with_what_needs_it(
    broken: Callable[..., Graph], root: Path, api: str, complaint: str
) -> None:
    [line] = apis.enabled(broken(apis.SERVICE, api, remove=True), root)
    start, _, end = complaint.partition("*")
    assert start in line and end in line


def test_an_api_that_nothing_needs_is_told(broken: Callable[..., Graph], root: Path) -> None:
    damaged = broken(apis.SERVICE, "vision", inputs={"service": "translate.googleapis.com"})
    assert list(apis.enabled(damaged, root))[-1] == "Service translate: nothing needs translate.googleapis.com"


def test_a_type_and_a_library_that_no_table_knows_are_told(
    graph: Graph, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = graph.named("Topic", "frames")
    strange = replace(topic, type="gcp:spanner/instance:Instance")
    damaged = replace(graph, resources={**graph.resources, topic.urn: strange})
    lines = list(apis.enabled(damaged, root))
    assert lines == [
        "Instance frames: which APIs gcp:spanner/instance:Instance needs is not in BY_TYPE of lints/apis.py"
    ]

    monkeypatch.delitem(apis.BY_LIBRARY, "google.cloud.storage")
    told = "Function sample: which API google.cloud.storage calls is not in BY_LIBRARY of lints/apis.py"
    assert told in list(apis.enabled(graph, root))


def test_what_a_workload_imports_is_found_in_its_source(graph: Graph, root: Path) -> None:
    imports = {workload.resource.name: workload.imports for workload in variables.workloads(graph, root)}
    assert "google.cloud.firestore" in imports["sample"]
    assert "av" in imports["ingest"] and "av" not in imports["bury"]
    assert not {name for name in imports["sample"] if name.startswith("pipeline")}, "that is ours"
