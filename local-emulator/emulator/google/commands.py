"""The command lines of Google's emulators: loopback only, and quick to start.

Seconds of CPU until ready, on 2 cores (Pub/Sub, Firestore): plain 0.84, 1.32; with C1 alone and the serial collector
0.57, 0.86; with the classes of an earlier run mapped in besides 0.26, 0.41.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from ..paths import CACHE
from .jars import FIRESTORE, PUBSUB, Progress, find_jar
from .java import find_java

_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData")
_FIRESTORE_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"


def pubsub(port: int, progress: Progress) -> tuple[str, ...]:
    """Ready when `GET /` is answered. Raises ToolMissing."""
    jar = find_jar(PUBSUB, progress)
    java = find_java()
    return (str(java), *_QUICK, *class_archive(java, jar), "-Xmx512m", "-jar", str(jar), *_listen(port))


def firestore(port: int, websocket_port: int, progress: Progress) -> tuple[str, ...]:
    """Ready when `GET /` is answered. Raises ToolMissing."""
    jar = find_jar(FIRESTORE, progress)
    java = find_java()
    options = ("-Xmx1g", "-Duser.language=en", "-cp", str(jar), _FIRESTORE_MAIN)
    return (
        *(str(java), *_QUICK, *class_archive(java, jar), *options),
        *(*_listen(port), f"--websocket_port={websocket_port}"),
    )


def _listen(port: int) -> tuple[str, str]:
    return ("--host=127.0.0.1", f"--port={port}")


def class_archive(java: Path, jar: Path, cache: Path = CACHE) -> tuple[str, ...]:
    """Maps in the loaded classes of an earlier run; the first run writes them when it ends.

    The archive is named after both files, so that another Java or another jar makes its own. The JVM ignores one that
    does not fit.
    """
    key = f"{java.resolve()} {jar} {jar.stat().st_size} {jar.stat().st_mtime_ns}"
    archive = cache / f"{jar.stem}-{hashlib.sha256(key.encode()).hexdigest()[:12]}.jsa"
    if archive.exists():
        return (f"-XX:SharedArchiveFile={archive}",)
    cache.mkdir(parents=True, exist_ok=True)
    return (f"-XX:ArchiveClassesAtExit={archive}",)
