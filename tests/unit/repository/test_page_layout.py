"""The page's rooms: who may import whom (web/biome.json), and how many files stand in one folder."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BIOME = ROOT / "web/node_modules/.bin/biome"
MOST_FILES = 20


def lint(folder: Path, files: dict[str, str]) -> tuple[int, str]:
    """Exit code and output of the page's linter over `files` (path below web/ -> import)."""
    shutil.copy(ROOT / "web/biome.json", folder)
    for path, imported in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"import '{imported}'\n" if imported else "export const here = 1\n")
    done = subprocess.run(
        [BIOME, "lint", "--error-on-warnings", "src"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("src/views/watch/watch.ts", "../report/series"),
        ("src/views/watch/watch.ts", "../../views/report/series"),
        ("src/views/watch/watch.ts", "../../app/header"),
        ("src/player/media/playback.ts", "../../views/watch/watch"),
        ("src/ui/dialog.ts", "../player/player"),
        ("src/data/live/live.ts", "../../ui/notice"),
        ("src/style/base.ts", "../data/format"),
    ],
)
def test_an_import_against_the_order_of_the_rooms_fails_the_lint(tmp_path: Path, importer: str, imported: str) -> None:
    code, output = lint(tmp_path, {importer: imported})
    assert code != 0
    assert "noRestrictedImports" in output


def test_imports_along_the_order_of_the_rooms_pass_the_lint(tmp_path: Path) -> None:
    files = {
        "src/app/app.ts": "../views/watch/watch",
        "src/views/watch/watch.ts": "../../player/player",
        "src/views/watch/panel.ts": "./watch",
        "src/player/player.ts": "../ui/dialog",
        "src/ui/dialog.ts": "../data/live/live",
        "src/data/live/live.ts": "../format",
        "src/data/format.ts": "",
    }
    assert lint(tmp_path, files)[0] == 0


def test_a_cycle_of_imports_fails_the_lint(tmp_path: Path) -> None:
    code, output = lint(tmp_path, {"src/ui/one.ts": "./two", "src/ui/two.ts": "./one"})
    assert code != 0
    assert "noImportCycles" in output


def test_no_folder_of_the_page_holds_more_than_twenty_files() -> None:
    held = Counter(path.parent for path in (ROOT / "web/src").rglob("*") if path.is_file())
    assert {str(folder): count for folder, count in held.items() if count > MOST_FILES} == {}


def test_one_module_listens_to_the_database_and_opens_what_failed_again() -> None:
    listening = [path for path in (ROOT / "web/src").rglob("*.ts") if "onSnapshot" in path.read_text()]
    named = {str(path.relative_to(ROOT / "web/src/data/live")) for path in listening}
    assert named == {"live-query.ts", "fake-firestore.ts"}


def test_letters_are_as_large_as_the_reader_wants_them() -> None:
    """Sizes in rem follow the size that a reader sets in the browser; those in px ignore it."""
    fixed = [
        f"{path.relative_to(ROOT)}:{number}"
        for ending in ("ts", "css")
        for path in sorted((ROOT / "web/src").rglob(f"*.{ending}"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"font(-size)?: ?['\"]?(\d{3} )?[\d.]+px", line)
    ]
    assert fixed == []


def test_one_module_looks_at_the_clock_of_the_viewer_and_only_until_the_server_has_said_its_time() -> None:
    looking = {
        str(path.relative_to(ROOT / "web/src"))
        for path in (ROOT / "web/src").rglob("*.ts")
        if not path.name.endswith(".test.ts") and re.search(r"\bDate\.now\b|new Date\(\)", path.read_text())
    }
    assert looking == {"data/server-clock.ts"}
