"""The functions, loaded as the functions framework loads them, in a world of emulators."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import functions_framework
import pytest
from google.cloud import firestore, storage
from tests import owner
from tests.contract.functions.servers import ROOT, serving
from tests.contract.functions.world import FakeVision, World
from tests.servers import free_port

from emulator.emulators.google_emulators import firestore as firestore_command
from emulator.rest import call
from front import refusals
from front.api import settings as config
from front.app import create_app
from front.control import callers
from front.people import known
from front.settings import front
from pipeline.cloud import clients, events
from pipeline.detection import provider_choice as providers
from pipeline.detection.pace import pace
from pipeline.detection.settings import detection
from pipeline.documents import analysis_config as store_config
from pipeline.documents.quota import allowances
from pipeline.documents.quota.spending import spending
from pipeline.documents.sponsor.settings import frozen_reports, reports_bucket
from pipeline.external_segments.settings import events as external
from pipeline.imports.settings import uploads, uploads_bucket
from pipeline.sampling import handler as sample_handler
from pipeline.sessions.reanalysis import reannounced
from pipeline.tracking.settings import tracking

CACHES = (
    *(clients.storage_client, clients.media_bucket, clients.firestore_client, clients.control_client),
    *(clients.vision_client, callers.callers),
    clients.publisher_client,
    *(config.api, front, external, uploads, uploads_bucket, detection, sample_handler.sampling, providers.serving),
    *(tracking, pace, reannounced, frozen_reports, reports_bucket),
)


@pytest.fixture(scope="session")
def firestore_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port, folder = free_port(), tmp_path_factory.mktemp("firestore")
    command, _ = firestore_command(port, free_port(), folder, print)
    with serving(command, port, folder / "log"):
        yield port


@pytest.fixture(scope="session")
def storage_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "emulator.emulators.gcs", "--host", "127.0.0.1", "--port", str(port), "--memory"]
    with serving(command, port, tmp_path_factory.mktemp("storage") / "log"):
        yield port


@pytest.fixture(scope="session")
def vision() -> Iterator[FakeVision]:
    server = FakeVision()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def environment(firestore_port: int, storage_port: int, vision: FakeVision) -> Iterator[dict[str, str]]:
    """Variables as a deployment declares them; every cached client is made again, before and after."""
    variables = {
        "GOOGLE_CLOUD_PROJECT": "test-project",
        "MEDIA_BUCKET": "media",
        "UPLOADS_BUCKET": "uploads",
        "REPORTS_BUCKET": "reports",
        "IMPORT_JOB": "projects/test-project/locations/europe-west1/jobs/importer",
        "CUTTER_JOB": "projects/test-project/locations/europe-west1/jobs/cutter",
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9",  # never called: tokens are not signed where it is set
        "ADMIN_KEY": "admin-key-for-tests",
        "FRONT_URL": "http://front.test",
        "CONTROL_CALLERS": "ingest@test-project.iam.gserviceaccount.com",
        "SITE_BUCKET": "site",
        "GRANT_SECRET": "grant-secret-for-tests",
        "SIGNING_ID": "GOOG1EFORTESTS",
        "RELAY_ADDRESS": "192.0.2.35",
        "SIGNING_SECRET": "signing-secret-for-tests",
        "INGEST_URL": "http://ingest.test/",
        "RTMP_URL": "rtmp://relay.test/live",
        "PLACES_PRIVATE": "true",
        "FIRESTORE_EMULATOR_HOST": f"127.0.0.1:{firestore_port}",
        **owner.environment(storage_port),
        "VISION_EMULATOR_HOST": vision.address,
        "REANALYSIS_TOPIC": "projects/test-project/topics/batch-reanalysis",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        patch.delenv("FUNCTION_TARGET", raising=False)
        for cache in CACHES:
            cache.cache_clear()
        yield variables
    for cache in CACHES:
        cache.cache_clear()


@pytest.fixture(scope="session")
def world(environment: dict[str, str], vision: FakeVision) -> Iterator[World]:
    client: storage.Client = clients.storage_client()
    bucket = client.create_bucket("media")
    client.create_bucket("uploads")
    client.create_bucket("reports")
    site = client.bucket("site")
    site.versioning_enabled = True
    client.create_bucket(site)
    key = {"accessId": "GOOG1EFORTESTS", "secret": "signing-secret-for-tests"}
    account = {"serviceAccountEmail": "front@test-project.iam.gserviceaccount.com"}
    address = environment["STORAGE_EMULATOR_HOST"].removeprefix("http://")
    call("POST", address, "/_emulator/hmacKeys", key | account, owner.HEADERS)
    db: firestore.Client = clients.firestore_client()
    source = str(ROOT / "functions" / "main.py")
    targets = ("sample", "detect", "remote", "track", "transcribe", "batch", "housekeep", "bury")
    apps: Any = {target: functions_framework.create_app(target, source) for target in targets}
    made = World(db, bucket, vision, apps, create_app())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(events, "announce", made.note)
        yield made


@pytest.fixture(autouse=True)
def fresh(world: World) -> None:
    """Settings are read again in each test, and no provider is left alone for what an earlier test made it do."""
    store_config.forget()
    refusals.wrong_keys.forget()
    known.forget()
    providers.serving.cache_clear()
    world.published.clear()
    allowances.forget()
    spending.forget()
