"""A graph is evaluated once, and again when something that it is made of has changed."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from emulator.declaration.graph import Graph, address, cache, errors, load_or_evaluate

CONFIG = {"firestoreEmulator": address("gcs"), "adminKey": "open-sesame-open-sesame-1"}


class Ports:
    """Consecutive ports from `first`, by the length of the name."""

    def __init__(self, first: int = 9000) -> None:
        self.first = first

    def port_for(self, resource_name: str) -> int:
        return self.first + len(resource_name)


@pytest.fixture
def repository(tmp_path: Path, root: Path, site: Path) -> Path:
    """A copy of what the program reads."""
    copy = tmp_path / "repository"
    for name in ("infra", "functions", "runner"):
        shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(site, copy / "web" / "dist")
    return copy


@pytest.fixture
def evaluations(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The requests that were evaluated, instead of evaluating them."""
    asked: list[dict[str, Any]] = []

    def evaluate(request: dict[str, Any]) -> str:
        asked.append(request)
        return Graph({}, {"storage": request["config"]["firestoreEmulator"]}).to_json()

    monkeypatch.setattr(cache, "_evaluate", evaluate)
    return asked


def load(repository: Path, first_port: int = 9000, **config: str) -> Graph:
    return load_or_evaluate(
        repository,
        project="acme-video",
        stack="dev",
        config={**CONFIG, **config},
        ports=Ports(first_port),
        cache=repository.parent / "cache",
    )


def test_the_graph_comes_from_a_process_of_its_own_and_equals_the_one_made_here(repository: Path) -> None:
    graph = load(repository)
    assert graph.exports["adminKey"] == "open-sesame-open-sesame-1"
    assert graph.exports["webUrl"] == "http://127.0.0.1:9005/"
    assert graph.named("BucketObject", "assets/index-1a2b.js").inputs["contentType"] == "text/javascript; charset=utf-8"


def test_a_second_look_does_not_evaluate(repository: Path, evaluations: list[dict[str, Any]]) -> None:
    assert load(repository) == load(repository)
    assert len(evaluations) == 1


def test_other_ports_do_not_evaluate_again(repository: Path, evaluations: list[dict[str, Any]]) -> None:
    assert load(repository, 9000).exports == {"storage": "127.0.0.1:9003"}
    assert load(repository, 7000).exports == {"storage": "127.0.0.1:7003"}
    assert len(evaluations) == 1


@pytest.mark.parametrize("path", ["infra/__main__.py", "infra/firestore.rules", "functions/main.py", "runner/new.py"])
def test_a_changed_source_evaluates_again(repository: Path, evaluations: list[dict[str, Any]], path: str) -> None:
    load(repository)
    with (repository / path).open("a") as file:
        file.write("\n")
    load(repository)
    assert len(evaluations) == 2


def test_a_new_file_of_the_site_evaluates_again_and_a_changed_one_does_not(
    repository: Path, evaluations: list[dict[str, Any]]
) -> None:
    load(repository)
    (repository / "web/dist/index.html").write_text("<p>another page</p>")
    load(repository)
    assert len(evaluations) == 1
    (repository / "web/dist/favicon.svg").write_text("<svg/>")
    load(repository)
    assert len(evaluations) == 2


def test_a_changed_setting_evaluates_again(repository: Path, evaluations: list[dict[str, Any]]) -> None:
    load(repository)
    load(repository, segmentDays="2")
    assert len(evaluations) == 2


def test_a_damaged_file_evaluates_again(repository: Path, evaluations: list[dict[str, Any]]) -> None:
    load(repository)
    next((repository.parent / "cache").glob("graph-*.json")).write_text('{"resources": [')
    load(repository)
    assert len(evaluations) == 2


def test_the_file_is_for_its_owner_only_and_old_ones_go(repository: Path, evaluations: list[dict[str, Any]]) -> None:
    load(repository)
    load(repository, segmentDays="2")
    files = list((repository.parent / "cache").iterdir())
    assert len(files) == 1
    assert files[0].stat().st_mode & 0o777 == 0o600


def test_an_error_in_the_other_process_is_the_same_error_here(repository: Path) -> None:
    with (repository / "infra/__main__.py").open("a") as file:
        file.write('\nTopic("frames", cloud)\n')
    with pytest.raises(errors.DuplicateUrn, match="Topic frames: declared twice"):
        load(repository)


def test_a_variable_that_is_not_set_is_told_before_anything_starts(repository: Path) -> None:
    with (repository / "functions/pipeline/detection/handler.py").open("a") as file:
        file.write('\nspeed = setting("DETECT_SPEED", "how fast")\n')
    with pytest.raises(errors.UnsetVariable, match="Function detect: DETECT_SPEED is not set"):
        load(repository)


def test_a_site_that_is_not_built_is_told_with_the_command_that_builds_it(repository: Path) -> None:
    shutil.rmtree(repository / "web")
    with pytest.raises(errors.ProgramFailed, match="npm --prefix web ci && npm --prefix web run build"):
        load(repository)


def test_settings_that_are_malformed_are_told(repository: Path) -> None:
    with pytest.raises(errors.ProgramFailed, match="invalid segmentDays='soon': expected a whole number"):
        load(repository, segmentDays="soon")
