"""A release: one version everywhere, its section of the changelog, images of every Dockerfile, few rights."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FILE = ROOT / ".github" / "workflows" / "release.yml"
RELEASE: dict[Any, Any] = yaml.safe_load(FILE.read_text())
JOBS: dict[str, dict[str, Any]] = RELEASE["jobs"]
CHANGELOG = (ROOT / "CHANGELOG.md").read_text()


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("release_notes", ROOT / ".github" / "release_notes.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NOTES = script()


def newest() -> str:
    found = re.search(r"^## (\d+\.\d+\.\d+), ", CHANGELOG, re.M)
    assert found
    return found[1]


def test_every_file_names_the_newest_version_of_the_changelog() -> None:
    assert set(NOTES.versions().values()) == {newest()}


def test_versions_of_the_changelog_fall_and_dates_do_too() -> None:
    headings = re.findall(r"^## (\d+)\.(\d+)\.(\d+), (\d{4}-\d\d-\d\d)$", CHANGELOG, re.M)
    assert len(headings) == len(re.findall(r"^## \d", CHANGELOG, re.M)), "a heading is '## X.Y.Z, YYYY-MM-DD'"
    assert headings == sorted(headings, reverse=True)


def test_a_tag_gets_its_section_and_no_more() -> None:
    notes = NOTES.notes(f"v{newest()}")
    assert notes.strip()
    assert notes in CHANGELOG
    assert not re.search(r"^## ", notes, re.M)


def test_a_tag_that_files_do_not_name_is_refused() -> None:
    with pytest.raises(ValueError, match=r"tag 'v9\.9\.9': expected v and the version of .*pyproject\.toml"):
        NOTES.notes("v9.9.9")


@pytest.mark.parametrize("changelog", ["# Changelog\n", "## 1.0.0, 2026-01-01\n\n## 0.9.0, 2025-01-01\ntext\n"])
def test_a_version_without_its_section_is_refused(changelog: str) -> None:
    with pytest.raises(ValueError, match=r"expected a section '## 1\.0\.0, YYYY-MM-DD'"):
        NOTES.section(changelog, "1.0.0")


def test_only_a_tag_releases_and_what_it_names_is_checked_first() -> None:
    assert RELEASE[True] == {"push": {"tags": ["v[0-9]+.[0-9]+.[0-9]+"]}}
    assert (JOBS["images"]["needs"], JOBS["release"]["needs"]) == ("test", "images")
    runs = [step.get("run", "") for step in JOBS["test"]["steps"]]
    check = yaml.safe_load(FILE.with_name("check.yml").read_text())["jobs"]["test"]
    assert JOBS["test"]["container"] == check["container"]
    assert [run for run in runs if "release_notes" not in run] == [step.get("run", "") for step in check["steps"]]
    assert 'python3 .github/release_notes.py "$GITHUB_REF_NAME"' in runs


def test_each_job_has_the_rights_that_it_needs() -> None:
    assert RELEASE["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in JOBS.items()} == {
        "test": None,
        "images": {"contents": "read", "packages": "write"},
        "release": {"contents": "write"},
    }
    checkouts = [step for job in JOBS.values() for step in job["steps"] if "checkout@" in step.get("uses", "")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False] * 3


def test_every_image_is_published() -> None:
    assert set(JOBS["images"]["strategy"]["matrix"]["image"]) == {
        path.parent.name for path in (ROOT / "runner").glob("*/Dockerfile")
    }


def test_what_github_fills_in_never_becomes_part_of_a_command() -> None:
    runs = [step["run"] for job in JOBS.values() for step in job["steps"] if "run" in step]
    assert [run for run in runs if "${{" in run] == []
