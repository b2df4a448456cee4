"""Tested = deployed: every deployable has a lock with hashes, all of one resolution, in step with its pins."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from emulator.declaration.packages.locks import fingerprint, locks, packages, pins, sources, whole

ROOT = Path(__file__).parents[3]
LOCKS = locks(ROOT)
UNLOCKED = {"runner/clip/torch.txt"}  # CONTRIBUTING.md says why, and how it is locked


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def requirements(lock: Path) -> list[str]:
    """Each package of a lock with its hashes, as one line."""
    joined = lock.read_text().replace("\\\n", " ")
    return [line for line in joined.splitlines() if line and not line.lstrip().startswith("#")]


def test_every_requirements_file_is_a_lock() -> None:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    found = {line for line in listing if line.endswith("requirements.txt") and (ROOT / line).exists()}
    assert found == {name_of(lock) for lock in LOCKS}, "write a requirements.in beside it and run `make lock`"


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_a_lock_is_in_step_with_its_pins(lock: Path) -> None:
    """`make lock` mends it."""
    assert f"# pins {fingerprint(LOCKS[lock])}\n" in lock.read_text()
    held = packages(lock.read_text())
    wanted = [pin.split("==") for source in LOCKS[lock] for pin in pins(source) if not pin.startswith("torch==")]
    assert {
        (name, version) for name, version in wanted if held.get(name.partition("[")[0].lower()) != {version}
    } == set()


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_every_file_that_a_lock_installs_is_known_by_its_hash(lock: Path) -> None:
    lines = requirements(lock)
    assert lines
    assert [line for line in lines if not re.search(r"--hash=sha256:[0-9a-f]{64}", line)] == []


@pytest.mark.parametrize("lock", LOCKS, ids=name_of)
def test_no_lock_names_the_index_that_it_was_made_with(lock: Path) -> None:
    assert "://" not in lock.read_text()
    assert "--index-url" not in lock.read_text()


def test_a_package_has_one_version_wherever_it_is_used() -> None:
    found: dict[str, dict[frozenset[str], list[str]]] = {}
    for lock in LOCKS:
        for name, versions in packages(lock.read_text()).items():
            found.setdefault(name, {}).setdefault(frozenset(versions), []).append(name_of(lock))
    assert {name: where for name, where in found.items() if len(where) > 1} == {}
    assert len(found["protobuf"]) == 1, "what is tested with one protobuf is deployed with another"


def test_the_lock_at_the_top_holds_what_every_other_holds() -> None:
    top = packages((ROOT / "requirements.txt").read_text())
    apart = {lock for lock, of in LOCKS.items() if not set(of) <= set(whole(ROOT))}
    assert [name_of(lock) for lock in apart] == ["runner/clip/requirements.txt"]
    missing = {name_of(lock): packages(lock.read_text()).keys() - top.keys() for lock in LOCKS.keys() - apart}
    assert {lock: names for lock, names in missing.items() if names} == {}


def test_what_is_not_locked_is_named() -> None:
    texts = {path for path in ROOT.glob("runner/*/*.txt") if "--hash=" not in path.read_text()}
    assert {name_of(path) for path in texts} == UNLOCKED
    (torch,) = re.findall(r"^torch==([\d.]+)\+cu126$", (ROOT / "runner/clip/torch.txt").read_text(), re.M)
    assert f"torch=={torch}" in pins(ROOT / "runner/clip/requirements.in"), "the image has another torch than the tests"


def test_a_pin_that_changed_is_noticed_and_a_reason_that_changed_is_not(tmp_path: Path) -> None:
    source = tmp_path / "requirements.in"
    shutil.copy(ROOT / "functions/requirements.in", source)
    before = fingerprint([source])
    source.write_text("# Another reason.\n" + source.read_text())
    assert fingerprint([source]) == before
    source.write_text(source.read_text().replace("av==18", "av==17"))
    assert fingerprint([source]) != before


def test_another_folder_with_pins_is_another_lock(tmp_path: Path) -> None:
    for folder in ("functions", "runner/ingest", "runner/new", "tests"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "requirements.in").touch()
    made = {lock.relative_to(tmp_path).as_posix() for lock in locks(tmp_path)}
    folders = ("functions", "runner/ingest", "runner/new")
    assert made == {"requirements.txt", *(f"{folder}/requirements.txt" for folder in folders)}
    assert len(sources(tmp_path)) == 4
