"""Ports are the same each time, and give way to processes that listen there."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from emulator.processes.ports import COUNT, FIRST, Ports, is_free, secret_of


@pytest.fixture
def notes() -> list[str]:
    return []


def test_the_same_stack_and_name_get_the_same_port(notes: list[str]) -> None:
    assert Ports("a-stack", notes.append).port_for("gcs") == Ports("a-stack", notes.append).port_for("gcs")


def test_a_stack_keeps_its_random_word_and_another_one_has_its_own(tmp_path: Path) -> None:
    one = secret_of(tmp_path / "one")
    assert secret_of(tmp_path / "one") == one != secret_of(tmp_path / "two")
    assert len(one) == 32
    assert (tmp_path / "one" / "ports").stat().st_mode & 0o077 == 0, "other users of the machine do not read it"


def test_the_order_of_asking_does_not_matter(notes: list[str]) -> None:
    one, other = Ports("a-stack", notes.append), Ports("a-stack", notes.append)
    forwards = [one.port_for(name) for name in ("gcs", "vision")]
    backwards = [other.port_for(name) for name in ("vision", "gcs")]
    assert forwards == backwards[::-1]


def test_stacks_and_names_get_ports_of_their_own(notes: list[str]) -> None:
    names = ("gcs", "pubsub", "sample", "detect")
    ports = [Ports(stack, notes.append).port_for(name) for stack in ("one", "two") for name in names]
    assert len(set(ports)) == len(ports)
    assert all(FIRST <= port < FIRST + COUNT for port in ports)


def test_a_taken_port_is_named_and_another_chosen(notes: list[str]) -> None:
    wanted = Ports("a-stack", notes.append).port_for("gcs")
    with socket.socket() as other:
        other.bind(("127.0.0.1", wanted))
        other.listen()
        assert not is_free(wanted)
        got = Ports("a-stack", notes.append).port_for("gcs")
    assert got != wanted
    assert notes == [f"port {wanted} of gcs is taken; using {got} instead"]
    assert Ports("a-stack", notes.append).port_for("gcs") == wanted


def test_two_names_never_share_a_port(notes: list[str]) -> None:
    ports = Ports("a-stack", notes.append)
    assert len({ports.port_for(f"name-{n}") for n in range(300)}) == 300
