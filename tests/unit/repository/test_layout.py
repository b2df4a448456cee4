"""The repository keeps its own rules: where things stand, how pins are written, what is named."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOP_LEVEL = {
    *("functions", "runner", "infra", "web", "local-emulator", "tests", "docs"),
    *(
        "Pulumi.yaml",
        "Pulumi.dev.yaml",
        "Pulumi.live.yaml",
        "requirements.txt",
        "README.md",
        "Makefile",
        "pyproject.toml",
    ),
    *("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "NOTICE"),
}
# What belongs to no package, and which of our packages it may use; test_borders.py has the packages.
MAY_IMPORT = {
    "functions/main.py": {"pipeline"},
    "infra/__main__.py": {"components", "settings"},
    "infra/settings.py": {"components", "settings"},
    "infra/regions.py": {"components", "settings"},
    "local-emulator/__main__.py": {"emulator"},
}
IMPORT_ROOTS = {"functions", "runner", "local-emulator", "infra"}
MOST_FILES = 20
GENERATED = {Path("runner/front/api/openapi.json")}
OURS = {
    "pipeline",
    "front",
    "ingest",
    "sender",
    "media_analyzer",
    "importer",
    "cutter",
    "rtmp",
    "clip",
    "components",
    "emulator",
    "main",
    "tests",
}


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(line) for line in listing.splitlines() if (ROOT / line).is_file()]


def imported(path: Path) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    froms = {
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level and node.module
    }
    return {name.split(".")[0] for name in names | froms}


def test_nothing_else_stands_at_the_top() -> None:
    assert {path.parts[0] for path in tracked() if not path.parts[0].startswith(".")} <= TOP_LEVEL


@pytest.mark.parametrize("place", MAY_IMPORT)
def test_imports_point_one_way(place: str) -> None:
    assert (imported(Path(place)) & OURS) - MAY_IMPORT[place] == set()


def test_every_package_is_on_the_list_of_borders() -> None:
    roots = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    packages = {path.parts[1] for path in tracked() if path.parts[0] in IMPORT_ROOTS and path.name == "__init__.py"}
    assert set(roots) == packages
    loose = {str(path) for path in tracked() if path.parts[0] in IMPORT_ROOTS and len(path.parts) == 2}
    assert {path for path in loose if path.endswith(".py")} == set(MAY_IMPORT)


def test_a_folder_holds_at_most_twenty_files() -> None:
    folders = Counter(path.parent for path in tracked() if path not in GENERATED)
    assert {str(folder): count for folder, count in folders.items() if count > MOST_FILES} == {}


def test_no_test_module_imports_another() -> None:
    """What two of them need is a helper, in a module of its own."""
    found = [
        f"{path}: {node.module}"
        for path in tracked()
        if path.parts[0] == "tests" and path.suffix == ".py"
        for node in ast.walk(ast.parse((ROOT / path).read_text()))
        if isinstance(node, ast.ImportFrom)
        and any(part.startswith("test_") for part in [*(node.module or "").split("."), *(a.name for a in node.names)])
    ]
    assert found == []


def test_every_dependency_is_pinned_and_says_why_it_is_here() -> None:
    lines = [
        f"{path}: {line}"
        for path in tracked()
        if path.name == "requirements.in"
        for line in (ROOT / path).read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    assert lines
    self_evident = {"ruff", "pyright", "pytest", "pulumi", "pulumi-gcp"}
    unpinned = [line for line in lines if "==" not in line]
    unexplained = [line for line in lines if "#" not in line and line.split(": ")[1].split("==")[0] not in self_evident]
    assert (unpinned, unexplained) == ([], [])


def test_no_path_of_a_machine_is_committed() -> None:
    pattern = re.compile(r"(?<![\w.$}])/(?:work|root)/")
    named = [
        str(path)
        for path in tracked()
        if path.suffix in {".py", ".md", ".sh", ".ts", ".json", ".toml", ".yaml", ".html", ""}
        and pattern.search((ROOT / path).read_text(errors="ignore").replace(pattern.pattern, ""))
        and path.name != Path(__file__).name
    ]
    assert named == []


def test_the_licence_is_stated_and_what_others_made_is_named() -> None:
    assert "Apache License" in (ROOT / "LICENSE").read_text()[:400]
    assert 'license = "Apache-2.0"' in (ROOT / "pyproject.toml").read_text()
    assert '"license": "Apache-2.0"' in (ROOT / "web" / "package.json").read_text()
    notice = (ROOT / "NOTICE").read_text()
    for named in ("libx264", "Big Buck Bunny", "Creative Commons", "NanoDet", "simple-icons"):
        assert named.lower() in notice.lower(), named
