"""The CLIP image's torch is locked from an index of its own; a stand-in for it says what is kept."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from emulator.declaration.packages.environments import of_deployable
from emulator.declaration.packages.torch import FILE, lock
from emulator.errors import PackagesFailed


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """torch, a part of CUDA, and a package that CLIP's lock holds already."""
    folder = tmp_path / "index"
    wheel(folder, "torch", "2.13.0+cu126", "nvidia-cublas-cu12==12.6.4.1", "filelock")
    wheel(folder, "nvidia-cublas-cu12", "12.6.4.1")
    wheel(folder, "filelock", "3.20.0")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def wheel(folder: Path, name: str, version: str, *needs: str) -> None:
    plain = name.replace("-", "_")
    file = folder / name / f"{plain}-{version}-py3-none-any.whl"
    file.parent.mkdir(parents=True)
    about = "".join(f"Requires-Dist: {need}\n" for need in needs)
    with zipfile.ZipFile(file, "w") as packed:
        info = f"{plain}-{version}.dist-info"
        packed.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{about}")
        packed.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        packed.writestr(f"{info}/RECORD", "")
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    (file.parent / "index.html").write_text(
        f'<a href="{file.name.replace("+", "%2B")}#sha256={digest}">{file.name}</a>'
    )


def repository(folder: Path, index: str) -> Path:
    file = folder / FILE
    file.parent.mkdir(parents=True)
    file.write_text(f"# Why.\n--index-url {index}\ntorch==2.13.0+cu126\n")
    file.with_name("requirements.txt").write_text("filelock==3.20.0 \\\n    --hash=sha256:00\n")
    return file


def test_torch_and_cuda_are_locked_and_nothing_twice(tmp_path: Path, index: str) -> None:
    file = repository(tmp_path / "repository", index)
    lock(tmp_path / "repository")
    lines = [line for line in file.read_text().splitlines() if not line.startswith(" ")]
    assert lines == [
        "# Why.",
        f"--index-url {index}",
        "nvidia-cublas-cu12==12.6.4.1 \\",
        "torch==2.13.0+cu126 \\",
    ]
    digest = hashlib.sha256(next((tmp_path / "index" / "torch").glob("*.whl")).read_bytes()).hexdigest()
    assert f"--hash=sha256:{digest}" in file.read_text()


def test_locked_again_it_stays_as_it_is_and_means_the_same_here(tmp_path: Path, index: str) -> None:
    file = repository(tmp_path / "repository", index)
    before = of_deployable(file.parent).unlocked
    lock(tmp_path / "repository")
    once = file.read_text()
    lock(tmp_path / "repository")
    assert file.read_text() == once
    assert of_deployable(file.parent).unlocked == before == ("torch==2.13.0",)


def test_an_index_that_does_not_answer_leaves_it_as_it_was(tmp_path: Path) -> None:
    file = repository(tmp_path, "http://127.0.0.1:9")
    before = file.read_text()
    with pytest.raises(PackagesFailed):
        lock(tmp_path)
    assert file.read_text() == before
