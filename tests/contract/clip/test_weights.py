"""The image holds the default model whole, at one commit, and a start fetches nothing.

torch and the model are imported where a test uses them, so that collecting does not load them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from clip import weights
from emulator.declaration.images.dockerfile import read_dockerfile

ROOT = Path(__file__).parents[3]
TINY = ROOT / "tests" / "fixtures" / "tiny-clip"
IMAGE = read_dockerfile(ROOT / "runner" / "clip" / "Dockerfile", ROOT)


def hub(folder: Path) -> Path:
    """A cache of Hugging Face's client as `weights.fetch` leaves it: the repository's files under their commit."""
    files = folder / "hub" / f"models--{weights.NAME.replace('/', '--')}" / "snapshots" / weights.REVISION
    shutil.copytree(TINY, files, ignore=shutil.ignore_patterns("*.safetensors", "*.md"))
    import torch
    from safetensors.torch import load_file

    torch.save(load_file(TINY / "model.safetensors"), files / "pytorch_model.bin")
    return files


def load(folder: Path) -> subprocess.CompletedProcess[str]:
    """The image's last build step."""
    given = {"PYTHONPATH": f"{ROOT / 'functions'}:{ROOT / 'runner'}", "HF_HOME": str(folder), "HF_HUB_OFFLINE": "1"}
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), **given}
    command = [sys.executable, "-m", "clip.weights", "load"]
    return subprocess.run(command, env=env, capture_output=True, text=True)


def test_a_commit_is_pinned() -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", weights.REVISION)
    assert weights.DEFAULT.endswith(f"@{weights.REVISION}")


def test_what_is_fetched_is_loaded_without_a_network(tmp_path: Path) -> None:
    hub(tmp_path)
    done = load(tmp_path)
    assert done.returncode == 0, done.stderr


def test_an_image_without_the_weights_is_not_finished(tmp_path: Path) -> None:
    (hub(tmp_path) / "pytorch_model.bin").unlink()
    done = load(tmp_path)
    assert done.returncode != 0
    assert "pytorch_model.bin" in done.stderr


def test_the_image_fetches_its_weights_and_loads_them_last() -> None:
    steps = [run for run in IMAGE.runs if "weights" in run]
    assert steps == ["python weights.py fetch && chmod -R a+rX /models", "python -m clip.weights load"]
    assert IMAGE.runs[-1] == steps[-1]
    assert IMAGE.env["HF_HUB_OFFLINE"] == "1"
    assert "pytorch_model.bin" in weights.FILES


def test_the_image_is_not_built_with_a_torch_that_the_driver_cannot_run() -> None:
    (step,) = [run for run in IMAGE.runs if "torch.version.cuda" in run]
    program = step.partition("python -c ")[2].strip('"')
    for cuda, refused in (("13.0", True), (None, True), ("12.6", False)):
        version = f"types.SimpleNamespace(version=types.SimpleNamespace(cuda={cuda!r}))"
        stand_in = f"import sys, types; sys.modules['torch'] = {version}"
        done = subprocess.run([sys.executable, "-c", f"{stand_in}\n{program}"], capture_output=True, text=True)
        assert (done.returncode != 0) is refused, done.stderr


def test_a_gpu_that_is_demanded_and_not_there_is_an_error_that_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    from clip.model import Model

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ValueError, match=r"CLIP_DEVICE=cuda: torch finds no GPU that it can use; torch .* CUDA"):
        Model(str(TINY), "cuda")


def test_a_folder_whose_path_has_an_at_sign_is_a_folder(tmp_path: Path) -> None:
    from clip.model import Model

    folder = tmp_path / "me@home"
    shutil.copytree(TINY, folder)
    assert Model(str(folder), "cpu").name == str(folder)
