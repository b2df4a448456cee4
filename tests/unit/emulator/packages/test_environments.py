"""Each deployable runs from an environment of its own lock: what the lock does not hold is missing here too."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from tests.unit.emulator.stack.recorder import context_of, resource

from emulator.declaration.packages.environments import Wanted, deployables, environment, of_deployable
from emulator.declaration.realise import services
from emulator.errors import PackagesFailed

ROOT = Path(__file__).parents[4]
SERVICE, IMAGE = "gcp:cloudrunv2/service:Service", "docker-build:index:Image"


def locked(*names: str) -> str:
    """The part of the functions' lock that says these packages."""
    blocks = re.split(r"(?m)^(?=\S)", (ROOT / "functions" / "requirements.txt").read_text())
    return "".join(block for block in blocks if block.partition("==")[0] in names)


def imports(programs: Path, module: str) -> bool:
    return subprocess.run([programs / "python", "-c", f"import {module}"], capture_output=True).returncode == 0


def test_it_holds_what_the_lock_does_and_nothing_of_this_one(tmp_path: Path) -> None:
    programs = environment("functions", Wanted(locked("blinker")), tmp_path)
    assert imports(programs, "blinker")
    assert not imports(programs, "flask"), "a package that a lock does not hold must be missing"


def test_it_is_made_once_and_again_for_another_lock(tmp_path: Path) -> None:
    first = environment("functions", Wanted(locked("blinker")), tmp_path)
    mark = first / "mark"
    mark.touch()
    assert environment("functions", Wanted(locked("blinker")), tmp_path) == first
    assert mark.exists()
    assert environment("functions", Wanted(locked("blinker", "idna")), tmp_path) != first


def test_one_that_was_not_finished_is_made_again(tmp_path: Path) -> None:
    programs = environment("functions", Wanted(locked("blinker")), tmp_path)
    (programs.parent / "ready").unlink()
    (programs / "python").unlink()
    assert imports(environment("functions", Wanted(locked("blinker")), tmp_path), "blinker")


def test_a_file_that_is_not_the_one_that_was_locked_is_refused(tmp_path: Path) -> None:
    other = re.sub(r"sha256:[0-9a-f]{8}", "sha256:00000000", locked("blinker"))
    with pytest.raises(PackagesFailed, match="blinker"):
        environment("functions", Wanted(other), tmp_path)


def test_a_build_for_the_gpu_is_any_build_here() -> None:
    wanted = Wanted.of(
        ["a==1 \\\n    --hash=sha256:00\n", "# torch\n--index-url https://x/cu126\ntorch==2.13.0+cu126\n"]
    )
    assert wanted.unlocked == ("torch==2.13.0",)
    assert wanted.locked == "a==1 \\\n    --hash=sha256:00\n"


def test_what_setup_makes_ahead_of_time_is_what_the_stack_asks_for(tmp_path: Path) -> None:
    """Else the first `up` would have to make it."""
    asked: dict[str, Wanted] = {}
    for name in (path.parent.name for path in (ROOT / "runner").glob("*/Dockerfile")):
        image = resource(
            IMAGE,
            name,
            {"context": {"location": ".."}, "dockerfile": {"location": f"../runner/{name}/Dockerfile"}},
            ref=f"{name}@sha256:1",
        )
        container = {"image": f"{name}@sha256:1", "envs": []}
        service = resource(SERVICE, name, {"template": {"containers": [container]}}, uri="")
        context = context_of("127.0.0.1:1", tmp_path, image, service)

        def programs(named: str, wanted: Wanted) -> Path:
            asked[named] = wanted
            return Path("/programs/of") / named

        object.__setattr__(context, "programs", programs)
        (spec,) = services.services(context, ROOT / "infra")
        assert spec.env["PATH"].startswith(f"/programs/of/{name}:")
    assert asked == {name: of_deployable(folder) for name, folder in deployables().items() if name in asked}
    assert {"ingest", "importer", "rtmp", "clip"} <= asked.keys()
