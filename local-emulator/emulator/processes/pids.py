"""Processes by id, and all below them, in any session."""

from __future__ import annotations

import contextlib

import psutil


def born(pid: int | None) -> float | None:
    """The start of a process, in epoch seconds; None if it has ended."""
    try:
        return psutil.Process(pid).create_time() if pid else None
    except psutil.NoSuchProcess:
        return None


def descendants(pid: int) -> list[psutil.Process]:
    """The process and all below it, in any session."""
    try:
        process = psutil.Process(pid)
        return [*process.children(recursive=True), process]
    except psutil.NoSuchProcess:
        return []


def kill_all(processes: list[psutil.Process]) -> None:
    """SIGKILL for those that still live. psutil knows a process by its start too: a reused id is left alone."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
