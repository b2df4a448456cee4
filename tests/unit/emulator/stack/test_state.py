"""The state survives being written and read, is its owner's alone, and gives clients their environment."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from emulator import cli
from emulator.declaration.endpoints import Endpoints
from emulator.errors import AlreadyRunning
from emulator.stack import lock
from emulator.stack.state import ResourceState, State, StateFile, Status, read_state

ENDPOINTS = Endpoints(
    project="demo-p",
    storage="127.0.0.1:1",
    pubsub="127.0.0.1:2",
    firestore="127.0.0.1:3",
    vision="127.0.0.1:4",
    run="127.0.0.1:8",
    speech="127.0.0.1:9",
    auth="127.0.0.1:9099",
    media_bucket="media",
    uploads_bucket="uploads",
    ingest="http://127.0.0.1:5",
    api="http://127.0.0.1:6",
    web="http://127.0.0.1:1/site/index.html",
    console="http://127.0.0.1:7/",
    admin_key="a key",
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "state.json", State("dev", 1))
    file.put(ResourceState("sample", "function", "running", pid=2, born=3.5, port=4, restarts=5))
    file.put(ResourceState("sample", "subscription", "present"))
    file.say("hello")
    file.state.endpoints = ENDPOINTS
    file.become(Status.READY)
    found = read_state(tmp_path / "state.json")
    assert found == file.state
    assert list(found.resources) == ["function/sample", "subscription/sample"]
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]
    assert (tmp_path / "state.json").stat().st_mode & 0o077 == 0


def test_a_stack_that_an_earlier_version_left_can_be_read(tmp_path: Path) -> None:
    file = StateFile(tmp_path / "state.json", State("dev", 1))
    file.state.endpoints = ENDPOINTS
    file.save()
    fields = json.loads((tmp_path / "state.json").read_text())
    del fields["endpoints"]["speech"]
    fields["endpoints"]["later"] = "127.0.0.1:10"
    (tmp_path / "state.json").write_text(json.dumps(fields))
    found = read_state(tmp_path / "state.json")
    assert found is not None
    assert found.endpoints == replace(ENDPOINTS, speech="")


def test_there_may_be_none(tmp_path: Path) -> None:
    assert read_state(tmp_path / "state.json") is None


def test_clients_get_every_address() -> None:
    assert ENDPOINTS.env() == {
        "GOOGLE_CLOUD_PROJECT": "demo-p",
        "STORAGE_EMULATOR_HOST": "http://127.0.0.1:1",
        "GCE_METADATA_HOST": "127.0.0.1:1/_metadata/developer%40demo-media-analyzer.iam.gserviceaccount.com",
        "PUBSUB_EMULATOR_HOST": "127.0.0.1:2",
        "FIRESTORE_EMULATOR_HOST": "127.0.0.1:3",
        "VISION_EMULATOR_HOST": "127.0.0.1:4",
        "RUN_EMULATOR_HOST": "127.0.0.1:8",
        "SPEECH_EMULATOR_HOST": "127.0.0.1:9",
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
        "MEDIA_BUCKET": "media",
        "UPLOADS_BUCKET": "uploads",
        "INGEST_URL": "http://127.0.0.1:5",
        "API_URL": "http://127.0.0.1:6",
        "WEB_URL": "http://127.0.0.1:1/site/index.html",
        "CONSOLE_URL": "http://127.0.0.1:7/",
        "ADMIN_KEY": "a key",
    }


def test_a_lock_is_held_by_one_and_let_go(tmp_path: Path) -> None:
    path = tmp_path / "dev" / "lock"
    assert not lock.is_held(path)
    with lock.held(path):
        assert lock.is_held(path)
        with pytest.raises(AlreadyRunning, match="dev is up already"), lock.held(path):
            pass
    assert not lock.is_held(path)


@pytest.mark.parametrize("command", [["status"], ["env"], ["down"], ["logs"]])
def test_commands_on_a_stack_that_is_not_up_say_so(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([*command, "--stack", "never-was-up"]) == 1
    assert "never" in capsys.readouterr().err
