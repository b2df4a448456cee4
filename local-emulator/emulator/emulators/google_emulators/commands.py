"""The command lines of Google's emulators: on an address of loopback, and quick to start.

Seconds of CPU until ready, on 2 cores (Pub/Sub, Firestore): plain 0.84, 1.32; with C1 alone and the serial collector
0.57, 0.86; with the classes of an earlier run mapped in besides 0.26, 0.41.
"""

from __future__ import annotations

import hashlib
import signal
from dataclasses import dataclass
from pathlib import Path

from ...paths import CACHE
from .jars import FIRESTORE, PUBSUB, Progress, find_jar
from .java import find_java

LOOPBACK = "127.0.0.1"
_QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-XX:+ExitOnOutOfMemoryError")
_LOGGING = f"-Djava.util.logging.config.file={Path(__file__).with_name('logging.properties')}"
EXITS = {3: "it ran out of memory, and what it held is gone: `python local-emulator down` and `up` begin again"}
"""What an exit code of a JVM means that ends when its heap is full, instead of answering ever more slowly."""
_TERMINATED = 128 + signal.SIGTERM  # a JVM's exit code when it was told to end and did
_FIRESTORE_MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"


def pubsub(port: int, scratch: Path, progress: Progress, host: str = LOOPBACK) -> tuple[tuple[str, ...], ClassArchive]:
    """The command, ready when `GET /` is answered, and its classes. Raises ToolMissing."""
    jar = find_jar(PUBSUB, progress)
    java = find_java()
    archive = ClassArchive.of(java, jar, scratch)
    options = (*archive.options(), _LOGGING, "-Xmx512m", *_localhost(host, scratch))
    return (str(java), *_QUICK, *options, "-jar", str(jar), *_listen(host, port)), archive


def firestore(
    port: int, websocket_port: int, scratch: Path, progress: Progress, host: str = LOOPBACK
) -> tuple[tuple[str, ...], ClassArchive]:
    """The command, ready when `GET /` is answered, and its classes. Raises ToolMissing."""
    jar = find_jar(FIRESTORE, progress)
    java = find_java()
    archive = ClassArchive.of(java, jar, scratch)
    options = (_LOGGING, "-Xmx1g", *_localhost(host, scratch), "-Duser.language=en", "-cp", str(jar), _FIRESTORE_MAIN)
    listen = (*_listen(host, port), f"--websocket_port={websocket_port}")
    return (str(java), *_QUICK, *archive.options(), *options, *listen), archive


def _listen(host: str, port: int) -> tuple[str, str]:
    return (f"--host={host}", f"--port={port}")


def _localhost(host: str, scratch: Path) -> tuple[str, ...]:
    """Their REST calls their own gRPC at "localhost": which is `host` for them, by a file of names of their own."""
    if host == LOOPBACK:
        return ()
    scratch.mkdir(parents=True, exist_ok=True)
    names = scratch / "hosts"
    names.write_text(f"{host} localhost\n")
    return (f"-Djdk.net.hosts.file={names}",)


@dataclass(frozen=True, slots=True)
class ClassArchive:
    """The loaded classes of an earlier run, for the JVM to map in.

    The JVM writes them at its end, to `part`, and only what it wrote to the end is kept: a truncated archive crashes
    the next one.
    """

    kept: Path
    part: Path

    @staticmethod
    def of(java: Path, jar: Path, scratch: Path, cache: Path = CACHE) -> ClassArchive:
        """Named after both files, so that another Java or another jar makes its own."""
        key = f"{java.resolve()} {jar} {jar.stat().st_size} {jar.stat().st_mtime_ns}"
        name = f"{jar.stem}-{hashlib.sha256(key.encode()).hexdigest()[:12]}.jsa"
        return ClassArchive(cache / name, scratch / name)

    def options(self) -> tuple[str, ...]:
        """Options for the JVM: use the class archive, or write it when it ends."""
        return (
            f"-XX:SharedArchiveFile={self.kept}" if self.kept.exists() else f"-XX:ArchiveClassesAtExit={self.part}",
        )

    def ended(self, exit_code: int) -> None:
        """Keeps what a JVM wrote that ended by itself or at SIGTERM."""
        if self.part.exists() and exit_code in (0, _TERMINATED):
            self.kept.parent.mkdir(parents=True, exist_ok=True)
            self.part.replace(self.kept)
        self.part.unlink(missing_ok=True)
