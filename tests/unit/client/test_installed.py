"""The client as its users install it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[3]
CLIENT = ROOT / "runner" / "media_analyzer"


def test_the_wheel_holds_the_package_its_types_and_its_command(tmp_path: Path) -> None:
    shutil.copytree(CLIENT, tmp_path / "source", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info"))
    options = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation")
    build = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", *options, "-w", tmp_path]
    subprocess.run([*build, tmp_path / "source"], check=True)
    [wheel] = tmp_path.glob("*.whl")
    shipped = zipfile.ZipFile(wheel)
    [entries] = [name for name in shipped.namelist() if name.endswith("entry_points.txt")]
    assert "media-analyzer = media_analyzer.__main__:main" in shipped.read(entries).decode()
    modules = {f"media_analyzer/{path.name}" for path in CLIENT.glob("*.py")}
    assert {name for name in shipped.namelist() if name.startswith("media_analyzer/")} == {
        *modules,
        "media_analyzer/py.typed",
    }


def test_the_ranges_of_the_client_hold_the_versions_that_the_tests_ran_with() -> None:
    needs = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]["dependencies"]
    lock = (ROOT / "requirements.txt").read_text()
    for need in needs:
        name, low, high = re.fullmatch(r"(\w+)>=([\d.]+),<([\d.]+)", need).groups()  # type: ignore[union-attr]
        locked = re.search(rf"^{name}==([\d.]+)", lock, re.M)
        assert locked, name
        assert parts(low) <= parts(locked[1]) < parts(high), need


def parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
