"""Servers as processes of their own, for as long as a block lasts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from google.api_core.client_options import ClientOptions
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from tests import owner
from tests.servers import await_listening, free_port

from emulator.emulators.google_emulators.jars import PUBSUB, find_jar

ROOT = Path(__file__).parents[3]


@dataclass
class Emulator:
    """A running emulator; `process` is there to be killed by tests of a restart."""

    url: str
    process: subprocess.Popen[bytes]

    def client(self) -> storage.Client:
        """The unpatched client library, as STORAGE_EMULATOR_HOST sets it up, with the owner's credentials."""
        with _environment("STORAGE_EMULATOR_HOST", self.url):
            return storage.Client(project="test-project", credentials=owner.credentials())

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Bare HTTP, as the project's owner unless the headers name another caller; `headers=None`: as no one."""
        headers = options.pop("headers", {})
        sent = None if headers is None else {**owner.HEADERS, **headers}
        return requests.request(method, self.url + path, timeout=30, headers=sent, **options)

    def advance(self, days: float) -> int:
        """Moves the emulator's clock; how many versions lifecycle rules deleted."""
        response = self.call("POST", "/_emulator/clock", json={"advance": days * 86400})
        response.raise_for_status()
        return response.json()["deleted"]


@contextmanager
def running(*options: str, port: int | None = None) -> Iterator[Emulator]:
    """The emulator with these options."""
    port = port or free_port()
    with process([sys.executable, "-m", "emulator.emulators.gcs", "--port", str(port), *options], port) as started:
        yield Emulator(f"http://127.0.0.1:{port}", started)


@contextmanager
def pubsub(port: int) -> Iterator[str]:
    """Google's Pub/Sub emulator; its host:port."""
    jar = find_jar(PUBSUB, lambda text: None)
    with process(["java", "-Xmx256m", "-jar", str(jar), "--host=127.0.0.1", f"--port={port}"], port):
        yield f"127.0.0.1:{port}"


@contextmanager
def process(command: Sequence[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A server that listens on `port` when the block begins."""
    started = subprocess.Popen(command, cwd=ROOT / "local-emulator", stdout=subprocess.DEVNULL)
    try:
        await_listening(started, port)
        yield started
    finally:
        started.terminate()
        started.wait(60)


def signing_client(url: str) -> storage.Client:
    """A client with the emulator's own service account, which can sign."""
    from google.oauth2 import service_account

    account = requests.get(f"{url}/_emulator/serviceAccount", timeout=10).json()
    credentials = service_account.Credentials.from_service_account_info(account)
    return storage.Client(project="test-project", credentials=credentials, client_options={"api_endpoint": url})


def anonymous_client(url: str) -> storage.Client:
    """A client by api_endpoint instead of the environment variable."""
    options = ClientOptions(api_endpoint=url)
    return storage.Client(project="test-project", credentials=AnonymousCredentials(), client_options=options)


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
