"""What is served: small, with paths that work anywhere, and nothing that the policy would have to excuse."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage.clip import Clip
from tests.web.footage.publish import live

from .conftest import WEB, Watched

FIRST_LOAD = 300_000  # bytes, as transferred
SOURCE = (WEB / "src" / "app" / "views.ts").read_text()
VIEWS = re.findall(r"^  (\w+): \{$", SOURCE.partition("const VIEWS")[2], re.MULTILINE)


def test_the_first_load_of_each_view_is_small(
    dist: Path,
    site: Site,
    db: firestore.Client,
    watched: Watched,
    stream_clip: Clip,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What the browser really asks for, while a stream is live, so that wall and player load what plays it too."""
    live(site, db, stream_clip)
    watched.expected = ("ERR_EMPTY_RESPONSE",)  # of the API only sessions and grants answer
    sizes: dict[str, int] = {}
    for view in VIEWS:
        site.asked.clear()
        page = watched.open(site.page(f"?view={view}&stream={documents.STREAM}"))
        settled(page, view)
        files = {path.removeprefix("/site/") for path in site.asked if path.startswith("/site/")} - {"config.json"}
        sizes[view] = sum(transferred(dist / file) for file in files)
        page.close()
    with capsys.disabled():
        print("\nfirst load, as transferred (limit 300 kB)")
        for view, size in sizes.items():
            print(f"  {view:<10}{size / 1000:7.1f} kB")
    assert len(sizes) >= 5
    assert max(sizes.values()) <= FIRST_LOAD


def transferred(file: Path) -> int:
    """Bytes of a file as front serves it to a browser that takes brotli."""
    packed = file.with_name(f"{file.name}.br")
    return (packed if packed.exists() else file).stat().st_size


def test_what_is_text_is_there_compressed_too(dist: Path) -> None:
    text = [file for file in dist.rglob("*") if file.suffix in {".html", ".js", ".css"} and file.stat().st_size >= 1024]
    assert text
    for file in text:
        assert gzip.decompress(file.with_name(f"{file.name}.gz").read_bytes()) == file.read_bytes()
        assert transferred(file) < file.stat().st_size


def settled(page: Page, view: str) -> None:
    expect(page.locator("main > :not(ma-notice)")).to_have_count(1)
    if view in {"streams", "watch"}:
        expect(page.locator("video").first).to_be_attached()


def test_paths_are_relative_so_that_any_folder_can_hold_it(dist: Path) -> None:
    page = (dist / "index.html").read_text()
    paths = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert paths
    assert all(path.startswith("./") for path in paths)


def test_there_is_no_inline_code_or_style(dist: Path) -> None:
    page = (dist / "index.html").read_text()
    assert not re.search(r"<script(?![^>]*src=)|<style|style=", page)


LOCK = json.loads((Path(__file__).parents[2] / "web" / "package-lock.json").read_text())["packages"]


def test_the_lock_file_names_no_registry() -> None:
    assert not [name for name, package in LOCK.items() if "resolved" in package]


def test_the_lock_file_holds_the_packages_of_every_platform() -> None:
    """`npm ci` refuses a lock file from which a platform's optional package is missing."""
    wanted = {name for package in LOCK.values() for name in package.get("optionalDependencies", {})}
    known = {path.rpartition("node_modules/")[2] for path in LOCK}
    assert wanted <= known
