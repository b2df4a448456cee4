"""The documents lead to what exists: every path that they name, and in the tour every name of the file at each stop."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / ".github").rglob("*.md"))]
STOPS = re.findall(
    r"^## (\d)\. [^`\n]*`([^`]+)`\n(.*?)(?=^## |\Z)", (ROOT / "docs" / "tour.md").read_text(), re.M | re.S
)


def tracked() -> set[str]:
    """Every file of the repository, and every folder with one."""
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [Path(line) for line in listing.splitlines()]
    return {part.as_posix() for file in files for part in (file, *file.parents)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_path_that_a_document_names_exists(page: Path) -> None:
    known = tracked()
    tops = {path for path in known if "/" not in path and (ROOT / path).is_dir()}
    named = [path for path in re.findall(r"`([\w.-]+(?:/[\w.-]+)+)/?`", page.read_text()) if path.split("/")[0] in tops]
    assert [path for path in named if path not in known] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_a_document_names_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    named = re.findall(r"(?:`|^\s*|[A-Z_]+=\S+ )make ([a-z]+)\b(?=[^\n]*[`\n])", page.read_text(), re.M)
    assert set(named) <= targets


def test_the_readme_names_the_commands_that_a_newcomer_needs() -> None:
    named = set(re.findall(r"\bmake ([a-z]+)", (ROOT / "README.md").read_text()))
    assert {"run", "test", "check", "bench", "seed", "smoke"} <= named


def test_the_tour_has_eight_stops_in_order() -> None:
    assert [number for number, _, _ in STOPS] == list("12345678")
    assert len({file for _, file, _ in STOPS}) == 8


@pytest.mark.parametrize(("file", "text"), [(file, text) for _, file, text in STOPS], ids=[stop[1] for stop in STOPS])
def test_a_stop_of_the_tour_names_what_is_in_its_file(file: str, text: str) -> None:
    source = (ROOT / file).read_text()
    said = [name for name in re.findall(r"`([\w.]+)`", text) if re.fullmatch(r"[A-Za-z_]\w*(\.\w+)?", name)]
    names = set(said) - {"None"}
    assert names
    assert {name for name in names if not all(re.search(rf"\b{one}\b", source) for one in name.split("."))} == set()
    assert len(text.split()) < 200, "a stop is about one screen"
