"""The built page, Firestore's emulator, a synthetic stream and Chromium."""

from __future__ import annotations

import fcntl
import os
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore
from playwright.sync_api import Browser, BrowserContext, Page
from tests.servers import await_ready, free_port
from tests.web.doubles.operator_double import OperatorDouble
from tests.web.doubles.people import ADMIN, known
from tests.web.doubles.proxy import Proxy
from tests.web.doubles.site import Site
from tests.web.footage import clip

from emulator.emulators import google_emulators
from emulator.processes.ready import http_answers

ROOT = Path(__file__).parents[2]
WEB = ROOT / "web"
PROJECT = "web-tests"
_EMPTIED = 40  # times


@pytest.fixture(scope="session")
def dist() -> Path:
    """The built page."""
    return built()


def built() -> Path:
    """The folder of the page, built again where a source is newer; by one process at a time."""
    with (ROOT / ".local" / "page.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _built()


def _built() -> Path:
    page = WEB / "dist" / "index.html"
    named = ("index.html", "package-lock.json", "vite.config.ts", "compress.ts")
    sources = [*(WEB / name for name in named), *(WEB / "src").rglob("*"), *(WEB / "public").rglob("*")]
    if not page.exists() or page.stat().st_mtime < max(path.stat().st_mtime for path in sources):
        if not (WEB / "node_modules").exists():
            subprocess.run(["npm", "ci", "--silent"], cwd=WEB, check=True)
        subprocess.run(["npm", "run", "build", "--silent"], cwd=WEB, check=True)
    return page.parent


class Firestore:
    """Google's emulator as a process of its own, on a free port."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        command, _ = google_emulators.firestore(self.port, free_port(), folder, print)
        rules = f"--rules={ROOT / 'infra' / 'firestore.rules'}"
        log = folder / "firestore.log"
        with log.open("wb") as output:
            self.process = subprocess.Popen([*command, rules], cwd=folder, stdout=output, stderr=output)
        await_ready(self.process, http_answers(self.port, "/", below=400), log)
        self.emptied = 0

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)  # Java writes its archive of classes as it ends: long, on a busy machine

    def clear(self) -> None:
        self.emptied += 1
        url = f"http://127.0.0.1:{self.port}/emulator/v1/projects/{PROJECT}/databases/(default)/documents"
        urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=10).close()


class Emulators:
    """The emulator in use. It keeps what was deleted, too, and with a full heap it answers within minutes: another
    one takes its place once it has been emptied often.
    """

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self._running: Firestore | None = None

    def fresh(self) -> Firestore:
        """One that has been emptied less than `_EMPTIED` times."""
        if self._running and self._running.emptied >= _EMPTIED:
            self.stop()
        self._running = self._running or Firestore(self._folders.mktemp("firestore"))
        return self._running

    def stop(self) -> None:
        if self._running:
            self._running.stop()
        self._running = None


@pytest.fixture(scope="session")
def emulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulators]:
    running = Emulators(tmp_path_factory)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def emulator_process(emulators: Emulators) -> Firestore:
    """The same for all tests of a file, and for several files."""
    return emulators.fresh()


@pytest.fixture
def db(emulator_process: Firestore, monkeypatch: pytest.MonkeyPatch) -> Iterator[firestore.Client]:
    """A database that holds the administrator who looks at the page, and nothing else; written as a service would."""
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", f"127.0.0.1:{emulator_process.port}")
    emulator_process.clear()
    client = firestore.Client(project=PROJECT, credentials=AnonymousCredentials())
    known(client, ADMIN)
    yield client
    client.close()


@pytest.fixture
def site(dist: Path, emulator_process: Firestore) -> Iterator[Site]:
    config: dict[str, object] = {
        "projectId": PROJECT,
        "database": "(default)",
        "apiKey": "none",
        "ingestUrl": "https://ingest.example.com",
        "firestoreEmulator": f"127.0.0.1:{emulator_process.port}",
    }
    running = Site(dist, config)
    yield running
    running.close()


class Watched:
    """A context whose pages are watched: `problems` are errors of scripts, of the console, and of the policy."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.problems: list[str] = []
        # A server that was taken away, or a playlist that is not there yet, is the test's own doing.
        self.expected: tuple[str, ...] = ()

    def open(self, url: str) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self._note(str(error)))
        page.on("console", lambda message: self._note(message.text) if message.type == "error" else None)
        page.goto(url)
        return page

    def _note(self, problem: str) -> None:
        if not any(text in problem for text in self.expected):
            self.problems.append(problem)


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """Fails the test on any error that a page reports, unless the test expects it."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="dark")
    watched = Watched(context)
    yield watched
    try:
        assert watched.problems == []
    finally:
        context.close()


@pytest.fixture(scope="session")
def stream_clip(tmp_path_factory: pytest.TempPathFactory) -> clip.Clip:
    """24 s with B-frames, audio 0.3 s ahead of the picture."""
    return clip.make(tmp_path_factory.mktemp("clip"), 24, b_frames=2, audio_lead=0.3)


@pytest.fixture(scope="session")
def screenshots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pictures of the views go, for people to look at."""
    wanted = os.environ.get("SCREENSHOTS")
    folder = Path(wanted) if wanted else tmp_path_factory.mktemp("screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def api(site: Site, db: firestore.Client) -> Iterator[OperatorDouble]:
    """The API as the pages of brands and of settings need it; files about other pages have another."""
    running = OperatorDouble(db, site.media)
    assert site.config
    site.config["apiUrl"] = running.url
    yield running
    running.close()


@pytest.fixture
def operator(api: OperatorDouble, watched: Watched) -> OperatorDouble:
    """Of whom an administrator asks."""
    return api


@pytest.fixture
def proxy(emulator_process: Firestore, site: Site) -> Iterator[Proxy]:
    """Between the page and the database, so that a test can cut it."""
    between = Proxy(emulator_process.port)
    assert site.config
    site.config["firestoreEmulator"] = f"127.0.0.1:{between.port}"
    yield between
    between.close()
