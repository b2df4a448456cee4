"""Google's emulators are found where the Cloud CLI keeps them, downloaded where it is not, or the message says how."""

from __future__ import annotations

import hashlib
import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from emulator.emulators.google_emulators import commands, jars, java
from emulator.emulators.google_emulators.download import Source, download
from emulator.errors import DownloadFailed, ToolMissing
from emulator.processes.ports import Ports
from emulator.stack import emulators

JAR = b"a jar" * 1000


def packed() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as out:
        out.writestr("pubsub-emulator/lib/cloud-pubsub-emulator-0.8.37-all.jar", JAR)
    return data.getvalue()


class Site:
    """A server of files, with the names that were asked for."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.asked: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(files[self.path])

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def source(self, path: str, data: bytes) -> Source:
        return Source(f"{self.url}{path}", len(data), hashlib.sha256(data).hexdigest())


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site({"/fire.jar": JAR, "/pubsub.zip": packed()})
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without a Cloud CLI."""
    monkeypatch.setattr(jars, "sdk_roots", lambda: iter(()))


def test_a_download_is_fetched_once(site: Site, tmp_path: Path) -> None:
    told: list[str] = []
    for _ in range(2):
        assert download(site.source("/fire.jar", JAR), tmp_path, told.append).read_bytes() == JAR
    assert site.asked == ["/fire.jar"]
    assert told[-1].endswith("100 %")


@pytest.mark.parametrize("expected", [b"b jar" * 1000, JAR[:-1], JAR + b"more"])
def test_a_download_that_is_not_what_was_published_leaves_nothing(site: Site, tmp_path: Path, expected: bytes) -> None:
    with pytest.raises(DownloadFailed, match="is not what was published"):
        download(site.source("/fire.jar", expected), tmp_path, lambda _: None)
    assert list(tmp_path.iterdir()) == []


def test_the_jar_of_the_cloud_cli_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    jar = tmp_path / "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar"
    jar.parent.mkdir(parents=True)
    jar.touch()
    monkeypatch.setenv("CLOUDSDK_ROOT_DIR", str(tmp_path))
    assert jars.find_jar(jars.FIRESTORE, lambda _: None) == jar


def test_the_cli_is_found_through_the_command_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("CLOUDSDK_ROOT_DIR", raising=False)
    gcloud = tmp_path / "sdk/bin/gcloud"
    gcloud.parent.mkdir(parents=True)
    gcloud.touch(mode=0o755)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/gcloud").symlink_to(gcloud)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert next(jars.sdk_roots()) == tmp_path / "sdk"


@pytest.mark.usefixtures("bare")
def test_without_a_cli_the_jar_is_downloaded(site: Site, tmp_path: Path) -> None:
    emulator = replace(jars.FIRESTORE, source=site.source("/fire.jar", JAR))
    assert jars.find_jar(emulator, lambda _: None, tmp_path) == tmp_path / "fire.jar"


@pytest.mark.usefixtures("bare")
def test_a_jar_within_a_zip_is_unpacked_once(site: Site, tmp_path: Path) -> None:
    emulator = replace(jars.PUBSUB, source=site.source("/pubsub.zip", packed()))
    for _ in range(2):
        assert jars.find_jar(emulator, lambda _: None, tmp_path).read_bytes() == JAR
    assert site.asked == ["/pubsub.zip"]


@pytest.mark.usefixtures("bare")
def test_where_nothing_answers_the_message_says_how_to_get_it(tmp_path: Path) -> None:
    emulator = replace(jars.PUBSUB, source=Source("http://127.0.0.1:9/pubsub.zip", 1, ""))
    with pytest.raises(ToolMissing, match="gcloud components install pubsub-emulator"):
        jars.find_jar(emulator, lambda _: None, tmp_path)


@pytest.fixture
def java_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A Java in JAVA_HOME, and no other."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/java").touch(mode=0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setattr(java.shutil, "which", lambda _: None)
    java.find_java.cache_clear()
    yield tmp_path
    java.find_java.cache_clear()


@pytest.mark.parametrize("version", ["17.0.15", "21", "25.0.1"])
def test_java_17_and_later_will_do(java_home: Path, version: str) -> None:
    (java_home / "release").write_text(f'IMPLEMENTOR="x"\nJAVA_VERSION="{version}"\n')
    assert java.find_java() == java_home / "bin/java"


@pytest.mark.parametrize("version", ["1.8.0_402", "11.0.2"])
def test_an_older_java_is_named_with_what_would_do(java_home: Path, version: str) -> None:
    (java_home / "release").write_text(f'JAVA_VERSION="{version}"\n')
    major = version.removeprefix("1.").split(".")[0]
    with pytest.raises(ToolMissing, match=f"Java 17 or later.*openjdk-17.*bin/java is version {major}"):
        java.find_java()


def test_the_emulators_listen_on_loopback_only(monkeypatch: pytest.MonkeyPatch, java_home: Path) -> None:
    (java_home / "release").write_text('JAVA_VERSION="17.0.1"\n')
    jar = java_home / "some.jar"
    jar.touch()
    monkeypatch.setattr(commands, "find_jar", lambda *_: jar)
    started = (commands.pubsub(1, java_home, lambda _: None), commands.firestore(1, 2, java_home, lambda _: None))
    for command, _ in started:
        assert {"--host=127.0.0.1", "--port=1"} <= set(command)
        assert command[0] == str(java_home / "bin/java")


def test_a_full_heap_ends_an_emulator_and_the_stack_says_so(monkeypatch: pytest.MonkeyPatch, java_home: Path) -> None:
    """Without it, the emulator answers ever more slowly, leases are not renewed, and live streams end."""
    (java_home / "release").write_text('JAVA_VERSION="17.0.1"\n')
    (java_home / "some.jar").touch()
    monkeypatch.setattr(commands, "find_jar", lambda *_: java_home / "some.jar")
    ports = Ports("full", print)
    for spec in (emulators._firestore(ports, java_home, print), emulators._pubsub(ports, java_home, print)):
        assert "-XX:+ExitOnOutOfMemoryError" in spec.command
        assert "out of memory" in spec.exits[3], "which is the code that Java then ends with"


def test_on_an_address_of_its_own_an_emulator_finds_itself_as_localhost(
    monkeypatch: pytest.MonkeyPatch, java_home: Path, tmp_path: Path
) -> None:
    (java_home / "release").write_text('JAVA_VERSION="17.0.1"\n')
    monkeypatch.setattr(commands, "find_jar", lambda *_: java_home / "some.jar")
    (java_home / "some.jar").touch()
    host, folder = "127.83.9.17", tmp_path / "stack"
    for command, _ in (
        commands.pubsub(1, folder, lambda _: None, host),
        commands.firestore(1, 2, folder, lambda _: None, host),
    ):
        assert {f"--host={host}", f"-Djdk.net.hosts.file={folder / 'hosts'}"} <= set(command)
        assert command.index(f"-Djdk.net.hosts.file={folder / 'hosts'}") < command.index(f"--host={host}")
    assert (folder / "hosts").read_text() == f"{host} localhost\n"


@pytest.fixture
def classes(tmp_path: Path) -> commands.ClassArchive:
    (tmp_path / "some.jar").touch()
    return commands.ClassArchive.of(Path("/java"), tmp_path / "some.jar", tmp_path, tmp_path / "cache")


def test_classes_are_archived_by_the_first_run_and_used_by_the_next(classes: commands.ClassArchive) -> None:
    assert classes.options() == (f"-XX:ArchiveClassesAtExit={classes.part}",)
    classes.part.write_text("classes")
    classes.ended(143)
    assert classes.options() == (f"-XX:SharedArchiveFile={classes.kept}",)
    assert classes.kept.read_text() == "classes"


def test_an_archive_of_a_run_that_was_killed_is_never_used(classes: commands.ClassArchive) -> None:
    classes.part.write_text("half of the cl")
    classes.ended(-9)
    assert not classes.kept.exists()
    assert not classes.part.exists()


def test_another_java_archives_its_own_classes(classes: commands.ClassArchive, tmp_path: Path) -> None:
    other = commands.ClassArchive.of(Path("/another/java"), tmp_path / "some.jar", tmp_path, tmp_path / "cache")
    assert other.kept != classes.kept
