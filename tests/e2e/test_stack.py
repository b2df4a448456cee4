"""The commands of the local stack: up, status, env, logs, down; beside another stack, on taken ports, after crashes."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from ipaddress import ip_address
from pathlib import Path

import psutil
import pytest
import requests
from tests.e2e.helpers.gone import assert_gone, processes
from tests.wait import until

from emulator.declaration.endpoints import Endpoints
from emulator.paths import PROJECT, stack_paths
from emulator.processes.ports import Ports, secret_of
from emulator.stack import control as stacks
from emulator.stack.state import State

pytestmark = pytest.mark.stack
ROOT = Path(__file__).parents[2]
NAME = f"e2e-{os.getpid()}"

EMULATED = ("STORAGE", "PUBSUB", "FIRESTORE", "FIREBASE_AUTH", "VISION", "RUN", "SPEECH")


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "local-emulator", *arguments, "--stack", NAME],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def found() -> State:
    state = stacks.find(NAME)
    assert state is not None
    return state


@pytest.fixture(scope="module", autouse=True)
def folder() -> Iterator[None]:
    """Nothing of it is kept."""
    yield
    shutil.rmtree(stack_paths(NAME).base, ignore_errors=True)


@pytest.fixture(scope="module")
def taken() -> Iterator[int]:
    """The port that gcs would get, taken by another process."""
    port = Ports(f"{NAME}/{secret_of(stack_paths(NAME).base)}", lambda _: None).port_for("gcs")
    with closing(socket.create_server(("127.0.0.1", port))):
        yield port


@pytest.fixture(scope="module")
def up(taken: int) -> Iterator[str]:
    """A stack brought up by the command, with what the command said."""
    done = command("up")
    assert done.returncode == 0, done.stdout + done.stderr
    yield done.stdout
    if stacks.find(NAME):
        stacks.stop(NAME)


def test_up_shows_progress_and_where_things_are(up: str) -> None:
    assert "gcs is ready" in up
    assert f"console   {found().endpoints.console}" in up  # pyright: ignore[reportOptionalMemberAccess]


def test_a_taken_port_is_named_and_another_used(up: str, taken: int) -> None:
    port = found().resources["emulator/gcs"].port
    assert port != taken
    assert f"port {taken} of gcs is taken; using {port} instead" in up


@pytest.mark.usefixtures("up")
def test_up_again_says_that_it_is_up() -> None:
    done = command("up")
    assert (done.returncode, done.stdout) == (0, f"the stack {NAME} is up already\n")


@pytest.mark.usefixtures("up")
def test_env_gives_a_shell_what_any_client_needs() -> None:
    done = command("env")
    shell = subprocess.run(
        ["env", "-i", "sh", "-c", f"{done.stdout}\n/usr/bin/env"], capture_output=True, text=True, check=True
    )
    endpoints = found().endpoints
    assert endpoints is not None
    assert set(endpoints.env().items()) <= {tuple(line.split("=", 1)) for line in shell.stdout.splitlines()}
    assert all(endpoints.env().values())


@pytest.mark.usefixtures("up")
def test_status_lists_what_runs() -> None:
    shown = command("status", COLUMNS="200").stdout
    for resource in found().resources.values():
        if resource.pid:
            line = next(line for line in shown.splitlines() if str(resource.pid) in line)
            assert {resource.name, resource.kind, "running", str(resource.port), "0"} <= set(line.split())


@pytest.mark.usefixtures("up")
def test_logs_show_one_resource_or_all() -> None:
    assert "gcs: running" in command("logs", "supervisor", "--lines", "500").stdout
    assert "supervisor" in command("logs", "--lines", "500").stdout
    assert "there is no log of nothing; there are" in command("logs", "nothing").stderr


@pytest.mark.usefixtures("up")
def test_the_site_and_its_settings_are_served() -> None:
    endpoints = found().endpoints
    assert endpoints is not None
    with urllib.request.urlopen(endpoints.web) as page:
        assert b"<html" in page.read()
    with urllib.request.urlopen(f"{endpoints.web}config.json") as config:
        door = json.load(config)["firestoreEmulator"]
    assert door != endpoints.firestore, "browsers come in by a door"
    assert requests.get(f"http://{door}/", timeout=30).status_code == 200
    assert requests.get(f"http://{door}/", headers={"Origin": "https://evil.example"}, timeout=30).status_code == 403


@pytest.mark.usefixtures("up")
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_function_has_exactly_the_environment_that_is_declared() -> None:
    text = Path(f"/proc/{found().resources['function/detect'].pid}/environ").read_text()
    names = {entry.partition("=")[0] for entry in text.split("\0") if entry}
    declared = {"GOOGLE_CLOUD_PROJECT", "MEDIA_BUCKET", "FIRESTORE_DATABASE"}
    declared |= {"SEGMENT_DAYS", "FRAME_DAYS", "UPLOAD_DAYS", "CLIP_DAYS", "TENANT", "PLACES_PRIVATE"}
    declared |= {"PROVIDER_SECRET", "REMOTE_TOPIC"}
    platform = {"PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION", "FUNCTION_TARGET", "FUNCTION_SIGNATURE_TYPE"}
    emulators = {f"{name}_EMULATOR_HOST" for name in EMULATED}
    emulators |= {"GCE_METADATA_HOST", "OTEL_EXPORTER_OTLP_ENDPOINT"}
    noted = {"FIRESTORE_JOURNAL"}  # tests ask for it
    emulators |= {"FIRESTORE_WRITES", "FIRESTORE_RIGHTS"}  # counted in the console; what its account may read and write
    assert names - noted == declared | {"THREADS"} | platform | emulators | {
        "PATH",
        "HOME",
        "LANG",
        "PYTHONPATH",
        "PYTHONUNBUFFERED",
    }


@pytest.mark.usefixtures("up")
def test_everything_listens_on_loopback_alone() -> None:
    running = [process for process in processes(found()) if process.is_running()]
    sockets = [one for process in running for one in process.net_connections("inet")]
    addresses = {one.laddr.ip.removeprefix("::ffff:") for one in sockets if one.status == psutil.CONN_LISTEN}
    assert addresses
    assert [address for address in addresses if not ip_address(address).is_loopback] == []


@pytest.mark.usefixtures("up")
def test_another_stack_runs_beside_it(stack: Endpoints) -> None:
    own = found().endpoints
    assert own is not None
    assert not {own.storage, own.pubsub, own.firestore, own.vision, own.ingest, own.api, own.console} & {
        *(stack.storage, stack.pubsub, stack.firestore, stack.vision, stack.ingest, stack.api, stack.console)
    }
    for endpoints in (own, stack):
        with urllib.request.urlopen(f"{endpoints.ingest}/health") as answer:
            assert answer.status == 200


@pytest.mark.usefixtures("up")
def test_a_function_that_dies_is_restarted_and_shown() -> None:
    before = found().resources["function/sample"].pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    until(lambda: found().resources["function/sample"].restarts == 1, 60, "a restart")
    until(lambda: found().resources["function/sample"].state == "running", 60, "the end of the restart")
    after = found().resources["function/sample"]
    assert after.pid not in (None, before)
    assert after.detail == "last ended with signal SIGKILL"
    assert "restart 1" in command("logs", "sample").stdout


@pytest.mark.usefixtures("up")
def test_a_firestore_that_begins_again_has_its_rules() -> None:
    """Without rules, it lets every page read everything."""
    own = found().endpoints
    before = found().resources["emulator/firestore"].pid
    assert own is not None
    assert before is not None
    secret = f"http://{own.firestore}/v1/projects/{PROJECT}/databases/(default)/documents/members/one"
    os.kill(before, signal.SIGKILL)
    until(lambda: found().resources["emulator/firestore"].restarts == 1, 60, "a restart")
    until(lambda: found().resources["emulator/firestore"].state == "running", 60, "the end of the restart")
    until(lambda: status_of(secret) == 403, 30, "its rules")


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.usefixtures("up")
def test_down_leaves_no_process_and_no_port() -> None:
    state = found()
    running, ports = processes(state), [r.port for r in state.resources.values() if r.port]
    assert len(running) > 8
    assert command("down").stdout == f"the stack {NAME} is down\n"
    assert_gone(running, ports)
    assert command("status").returncode == 1


def test_up_without_java_says_how_to_get_it_and_leaves_nothing(tmp_path: Path) -> None:
    done = command("up", PATH=str(tmp_path), JAVA_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "error: Java 17 or later is needed" in done.stderr
    assert "apt-get install openjdk-17-jre-headless" in done.stderr
    assert stacks.find(NAME) is None
