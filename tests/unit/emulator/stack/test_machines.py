"""A virtual machine is a process here: the container that its metadata names."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.emulator.stack.recorder import context_of, resource

from emulator.declaration.realise import machines
from emulator.errors import Unrealisable

INSTANCE = "gcp:compute/instance:Instance"
REF = "registry/rtmp@sha256:1"


def test_a_machine_runs_its_images_command_with_the_environment_of_its_metadata(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    (repository / "infra").mkdir(parents=True)
    (repository / "relay.py").write_text("relay")
    (repository / "Dockerfile").write_text(
        'FROM x\nWORKDIR /app\nCOPY relay.py .\nHEALTHCHECK CMD ["true"]\nCMD ["python", "relay.py"]\n'
    )
    location = {"context": {"location": ".."}, "dockerfile": {"location": "../Dockerfile"}}
    image = resource("docker-build:index:Image", "rtmp", location, ref=REF)
    metadata = {"image": REF, "environment": "INGEST_URL=http://i/?a=b\nRTMP_PORT=1935", "user-data": "#cloud-config"}
    machine = resource(INSTANCE, "rtmp", {"metadata": metadata})
    (spec,) = machines.machines(context_of("127.0.0.1:1", tmp_path / "run", image, machine), repository / "infra")
    assert (spec.command, spec.cwd) == (("python", "relay.py"), tmp_path / "run/rtmp/app")
    assert spec.env["INGEST_URL"] == "http://i/?a=b"
    assert (spec.env["RTMP_PORT"], spec.env["HOST"]) == (str(spec.port), "127.0.0.1")
    assert spec.env["PORT"] != str(spec.port)


def test_a_machine_that_names_no_image_is_an_error(tmp_path: Path) -> None:
    machine = resource(INSTANCE, "build-box", {"metadata": {"startup-script": "make"}})
    with pytest.raises(Unrealisable, match="Instance build-box: its metadata names no image"):
        machines.machines(context_of("127.0.0.1:1", tmp_path, machine), tmp_path)
