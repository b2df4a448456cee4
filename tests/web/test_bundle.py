"""What is served: small, with paths that work anywhere, and nothing that the policy would have to excuse."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

FIRST_LOAD = 300_000  # bytes, gzip


def test_the_first_load_is_small(dist: Path) -> None:
    served = [path for path in dist.rglob("*") if path.suffix in {".html", ".css", ".js", ".svg"}]
    files = [path for path in served if not path.name.startswith("report-chart")]  # loaded once there is one to draw
    size = sum(len(gzip.compress(path.read_bytes())) for path in files)
    assert len(files) >= 4
    assert size <= FIRST_LOAD


def test_paths_are_relative_so_that_a_bucket_can_serve_it(dist: Path) -> None:
    page = (dist / "index.html").read_text()
    paths = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert paths
    assert all(path.startswith("./") for path in paths)


def test_the_policy_allows_no_inline_code_or_style(dist: Path) -> None:
    page = (dist / "index.html").read_text()
    policy = re.search(r'content="(default-src[^"]+)"', page)
    assert policy
    assert "unsafe" not in policy[1]
    assert not re.search(r"<script(?![^>]*src=)|<style|style=", page)


LOCK = json.loads((Path(__file__).parents[2] / "web" / "package-lock.json").read_text())["packages"]


def test_the_lock_file_names_no_registry() -> None:
    assert not [name for name, package in LOCK.items() if "resolved" in package]


def test_the_lock_file_holds_the_packages_of_every_platform() -> None:
    """`npm ci` refuses a lock file from which a platform's optional package is missing."""
    wanted = {name for package in LOCK.values() for name in package.get("optionalDependencies", {})}
    known = {path.rpartition("node_modules/")[2] for path in LOCK}
    assert wanted <= known
