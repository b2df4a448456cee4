"""Each Dockerfile is really built, every RUN of it, and what it made is really started.

`make images`. The CLIP image is not among them: its torch comes from PyTorch's own index, and is gigabytes; its steps
are tested one by one in tests/contract/clip/test_weights.py.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from tests.images import builder
from tests.servers import await_ready, free_port

from emulator.declaration.graph import Graph, Resource, evaluate
from emulator.declaration.packages.locks import packages
from emulator.declaration.realise.secrets import secret_value
from emulator.declaration.realise.services import single

DOCKERFILES = {path.parent.name: path for path in sorted((builder.ROOT / "runner").glob("*/Dockerfile"))}
BUILT = [name for name in DOCKERFILES if name != "clip"]
NOWHERE = "127.0.0.1:9"  # an emulator that is not there: what starts does not need one yet
SERVICE = "gcp:cloudrunv2/service:Service"
HERE = {
    "GOOGLE_CLOUD_PROJECT": "demo-images",
    "MEDIA_BUCKET": "media",
    "INGEST_URL": f"http://{NOWHERE}",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "",
    "STORAGE_EMULATOR_HOST": f"http://{NOWHERE}",
    "FIRESTORE_EMULATOR_HOST": NOWHERE,
    "PUBSUB_EMULATOR_HOST": NOWHERE,
    "VISION_EMULATOR_HOST": NOWHERE,
    "HOST": "127.0.0.1",
}

pytestmark = [
    pytest.mark.images,
    pytest.mark.timeout(900),
    pytest.mark.skipif(bool(builder.missing()), reason=builder.missing()),
]


@pytest.fixture(scope="module")
def base() -> None:
    try:
        builder.make_base()
    except subprocess.CalledProcessError as error:
        pytest.skip(f"no base to build on: {error}")


@pytest.fixture(scope="module")
def declared(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """The variables that each service is given in a deployment."""
    site = tmp_path_factory.mktemp("site")
    (site / "index.html").write_text("page")
    graph = evaluate(builder.ROOT, project="demo-images", stack="dev", config={"siteDir": str(site)})
    return {service.name: variables(graph, service) for service in graph.of(SERVICE)}


def variables(graph: Graph, service: Resource) -> dict[str, str]:
    entries = single(service, service.inputs["template"]["containers"])["envs"]
    plain = {entry["name"]: entry["value"] for entry in entries if "value" in entry}
    secrets = {
        entry["name"]: entry["valueSource"]["secretKeyRef"]["secret"] for entry in entries if "valueSource" in entry
    }
    return plain | {name: secret_value(graph, secret, service, name) for name, secret in secrets.items()}


@pytest.fixture(scope="module", params=BUILT)
def image(request: pytest.FixtureRequest, base: None) -> Iterator[str]:
    """One after the other; its layers go when it has been looked at."""
    name = builder.build(DOCKERFILES[request.param])
    try:
        yield name
    finally:
        builder.buildah("rmi", "--force", name)


def test_it_is_built_and_runs_as_declared(image: str, declared: dict[str, dict[str, str]], tmp_path: Path) -> None:
    name = image.rpartition("/")[2]
    found = builder.configuration(image)
    with builder.working(image) as container:
        assert said(container, "id", "-u", log=tmp_path / "id") not in ("", "0"), "it runs as root"
        frozen = said(container, "python", "-m", "pip", "freeze", log=tmp_path / "freeze")
        installed = {line.lower().replace("_", "-") for line in frozen.splitlines()}
        lock = packages(DOCKERFILES[name].with_name("requirements.txt").read_text())
        wanted = {f"{package}=={version}" for package, versions in lock.items() for version in versions}
        elsewhere = {"colorama==0.4.6"}  # of Windows
        assert wanted - installed - elsewhere == set()
        if name in ("importer", "cutter"):
            assert f"usage: python -m {name}" in said(container, *found["Cmd"], "--help", log=tmp_path / "help")
        else:
            answers(container, found["Cmd"], declared.get(name, {}), tmp_path / "log")


def said(container: str, *command: str, log: Path) -> str:
    process = builder.starting(container, list(command), HERE, log)
    assert process.wait(120) == 0, log.read_text()
    return log.read_text().strip()


def answers(container: str, command: list[str], given: dict[str, str], log: Path) -> None:
    """It starts, says that it is well, and ends when it is asked to."""
    port, rtmp = free_port(), free_port()
    process = builder.starting(container, command, given | HERE | {"PORT": str(port), "RTMP_PORT": str(rtmp)}, log)
    try:
        await_ready(process, lambda: healthy(port), log, seconds=120)
    finally:
        end(process)


def healthy(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/health", timeout=30).status_code == 200
    except requests.ConnectionError:
        return False


def end(process: subprocess.Popen[bytes]) -> None:
    """The builder's and the container's own: one session."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
