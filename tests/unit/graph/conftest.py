"""One evaluation of the real program for all tests of this folder, and ways to break it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from emulator.declaration.graph import Graph, evaluate

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("<p>page</p>")
    (folder / "assets").mkdir()
    (folder / "assets" / "index-1a2b.js").write_text("run()")
    return folder


@pytest.fixture(scope="session")
def graph(site: Path) -> Graph:
    """The graph as in the cloud."""
    return evaluate(ROOT, project="acme-video", stack="dev", config={"siteDir": str(site)})


Break = Callable[..., Graph]


@pytest.fixture
def broken(graph: Graph) -> Iterator[Break]:
    """`broken(type, name, remove=True)` or `broken(type, name, inputs={path: value}, depends=())`: a damaged copy."""

    def damage(type: str, name: str, *, remove: bool = False, **changes: Any) -> Graph:
        resource = graph.named(type, name)
        resources = dict(graph.resources)
        if remove:
            del resources[resource.urn]
        else:
            inputs = copy.deepcopy(resource.inputs)
            for path, value in changes.pop("inputs", {}).items():
                put(inputs, path, value)
            resources[resource.urn] = replace(resource, inputs=inputs, **changes)
        return replace(graph, resources=resources)

    yield damage


def put(inputs: Any, path: str, value: Any) -> None:
    """Sets what `a.0.b` leads to; removes it where `value` is None."""
    *way, last = path.split(".")
    for part in way:
        inputs = inputs[int(part)] if isinstance(inputs, list) else inputs[part]
    if value is None:
        del inputs[last]
    else:
        inputs[last] = value
