"""A workload finds what is declared, what the platform gives and where the emulators are; nothing of the shell."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from emulator.declaration.environment import Addresses, cloud_run, of_workload

ADDRESSES = Addresses(
    "127.0.0.1:1", "127.0.0.1:2", "127.0.0.1:3", "127.0.0.1:4", "127.0.0.1:5", "127.0.0.1:6", "127.0.0.1:7"
)


def test_it_is_exactly_what_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOMETHING_OF_THE_SHELL", "1")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/secret.json")
    monkeypatch.delenv("FIRESTORE_JOURNAL")  # set for the whole run: tests/lint/queries.py
    found = of_workload(
        {"A": "1"}, cloud_run("dev-sample", 8080), ADDRESSES, Path("/tree"), Path("/home"), Path("/env/bin")
    )
    assert found == {
        "A": "1",
        "PATH": "/env/bin:/usr/local/bin:/usr/bin:/bin",
        "HOME": "/home",
        "LANG": "C.UTF-8",
        "PYTHONPATH": "/tree",
        "PYTHONUNBUFFERED": "1",
        "PORT": "8080",
        "K_SERVICE": "dev-sample",
        "K_REVISION": "dev-sample-00001-local",
        "K_CONFIGURATION": "dev-sample",
        "STORAGE_EMULATOR_HOST": "http://127.0.0.1:1",
        "PUBSUB_EMULATOR_HOST": "127.0.0.1:2",
        "FIRESTORE_EMULATOR_HOST": "127.0.0.1:3",
        "VISION_EMULATOR_HOST": "127.0.0.1:4",
        "RUN_EMULATOR_HOST": "127.0.0.1:5",
        "SPEECH_EMULATOR_HOST": "127.0.0.1:6",
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:7",
    }


def test_what_the_platform_gives_cannot_be_declared_away() -> None:
    found = of_workload(
        {"PORT": "1", "LANG": "de"}, cloud_run("s", 8080), ADDRESSES, Path("/tree"), Path("/home"), Path("/env/bin")
    )
    assert (found["PORT"], found["LANG"]) == ("8080", "de")


def test_where_tests_ask_for_it_a_workload_notes_its_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_JOURNAL", "/journal")
    declared = {"PYTHONPATH": "/code"}
    found = of_workload(declared, cloud_run("s", 8080), ADDRESSES, Path("/tree"), Path("/home"), Path("/env/bin"))
    own, hook = found["PYTHONPATH"].split(":")
    assert (own, found["FIRESTORE_JOURNAL"]) == ("/code", "/journal")
    assert [file.name for file in Path(hook).glob("*.py")] == ["sitecustomize.py"]


def test_a_workload_of_a_stack_tells_its_console_what_it_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FIRESTORE_JOURNAL")
    told = replace(ADDRESSES, writes="127.0.0.1:7")
    found = of_workload({}, cloud_run("s", 8080), told, Path("/code"), Path("/home"), Path("/env/bin"))
    own, hook = found["PYTHONPATH"].split(":")
    assert (own, found["FIRESTORE_WRITES"]) == ("/code", "127.0.0.1:7")
    assert "FIRESTORE_JOURNAL" not in found
    assert (Path(hook) / "sitecustomize.py").exists()
