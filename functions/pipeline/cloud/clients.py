"""One client of each Google API per process, unpatched, against the cloud or the emulators.

The libraries of Cloud Storage and Firestore read STORAGE_EMULATOR_HOST and FIRESTORE_EMULATOR_HOST themselves; the
emulator of Cloud Storage wants to know the caller, as the cloud does (`account`). Those of Vision, Speech and Cloud Run
read no variable, and would try TLS on a plain-text server: VISION_EMULATOR_HOST, SPEECH_EMULATOR_HOST and
RUN_EMULATOR_HOST (host:port) are handled here.
"""

from __future__ import annotations

import importlib
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from ..domain import names
from ..domain.settings import Common, load

if TYPE_CHECKING:
    import grpc
    import requests
    import urllib3
    from google.auth.credentials import Credentials
    from google.cloud import firestore, pubsub_v1, run_v2, speech_v2, storage, vision

_CONNECTIONS = 64  # kept open: ingest has a thread for each stream that stores segments

# Imports stay inside the functions: a deployable pays, at a cold start, only for the clients it uses.


def preload(*apis: str) -> None:
    """Imports Google's libraries (`storage`, `firestore`) now: a start pays for them instead of the first event.

    Functions whose events no viewer waits for, such as dead letters, do without.
    """
    for api in apis:
        importlib.import_module(f"google.cloud.{api}")


@cache
def storage_client() -> storage.Client:
    """Cloud Storage, as the account of this process."""
    from google.cloud import storage

    from .account import local_account

    client = storage.Client(project=load(Common).project, credentials=local_account())
    _settle(client._http, str(client.api_endpoint))  # pyright: ignore[reportPrivateUsage]
    return client


def _settle(session: requests.Session, address: str) -> None:
    """Reads proxies and certificates from the environment now: at each request that took a third of its CPU time."""
    from requests.adapters import HTTPAdapter
    from requests.utils import get_environ_proxies

    session.proxies.update(get_environ_proxies(address))
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    session.trust_env = False
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS))


@cache
def storage_http() -> tuple[urllib3.PoolManager, Credentials]:
    """Connections to Cloud Storage, and the account of this process, for `transfers`."""
    import urllib3
    from requests.utils import DEFAULT_CA_BUNDLE_PATH, select_proxy

    client = storage_client()
    session: Any = client._http  # pyright: ignore[reportPrivateUsage]
    trusted = session.verify if isinstance(session.verify, str) else DEFAULT_CA_BUNDLE_PATH
    proxy = select_proxy(str(client.api_endpoint), session.proxies)
    options: dict[str, Any] = {"maxsize": _CONNECTIONS, "cert_reqs": "CERT_REQUIRED", "ca_certs": trusted}
    pool = urllib3.ProxyManager(proxy, **options) if proxy else urllib3.PoolManager(**options)
    return pool, session.credentials


@cache
def media_bucket() -> storage.Bucket:
    """The bucket of segments, playlists and frames."""
    return storage_client().bucket(load(Common).media_bucket)


@cache
def firestore_client() -> firestore.Client:
    """Firestore."""
    from google.cloud import firestore

    settings = load(Common)
    return firestore.Client(project=settings.project, database=settings.database)


@cache
def control_client() -> firestore.Client:
    """Firestore's database `control`: keys, leases, pushes, quotas, the configuration.

    Accounts of workloads that open media or pictures have no right to it: PermissionDenied.
    """
    from google.cloud import firestore

    settings = load(Common)
    return firestore.Client(project=settings.project, database=settings.control_database)


def documents_client(path: str) -> firestore.Client:
    """The client of the database that the document at `path` is in."""
    return control_client() if path.partition("/")[0] in names.CONTROL else firestore_client()


@cache
def publisher_client() -> pubsub_v1.PublisherClient:
    """Pub/Sub, to publish; reads PUBSUB_EMULATOR_HOST itself."""
    from google.cloud import pubsub_v1

    return pubsub_v1.PublisherClient()


@cache
def vision_client(location: str) -> vision.ImageAnnotatorClient:
    """Cloud Vision in `location`: `global`, `eu` or `us`. Pictures are worked on there."""
    from google.cloud import vision

    emulator = os.environ.get("VISION_EMULATOR_HOST")
    if not emulator:
        host = "vision.googleapis.com" if location == "global" else f"{location}-vision.googleapis.com"
        return vision.ImageAnnotatorClient(client_options={"api_endpoint": host})
    import grpc
    from google.cloud.vision_v1.services.image_annotator.transports import ImageAnnotatorGrpcTransport

    from .account import authorised

    channel = authorised(grpc.insecure_channel(emulator))  # it reads objects with the rights of its caller
    return vision.ImageAnnotatorClient(transport=ImageAnnotatorGrpcTransport(channel=channel))


def vision_reads_bucket() -> bool:
    """True if Cloud Vision can fetch a frame by its gs:// address: Google's own cannot see an emulator's bucket."""
    return bool(os.environ.get("VISION_EMULATOR_HOST")) or not os.environ.get("STORAGE_EMULATOR_HOST")


def speech_reads_bucket() -> bool:
    """The same of Speech-to-Text and a recording."""
    return bool(os.environ.get("SPEECH_EMULATOR_HOST")) or not os.environ.get("STORAGE_EMULATOR_HOST")


def who_answers(api: str) -> str:
    """The server of `api` (`VISION`, `SPEECH`): `Google`, or `emulator` if the environment names one."""
    return "emulator" if os.environ.get(f"{api}_EMULATOR_HOST") else "Google"


@cache
def speech_client(location: str) -> speech_v2.SpeechClient:
    """Speech-to-Text in `location`: `global`, a region, or `eu` and `us`. Audio is worked on there."""
    from google.cloud import speech_v2

    if emulator := os.environ.get("SPEECH_EMULATOR_HOST"):
        import grpc
        from google.cloud.speech_v2.services.speech.transports import SpeechGrpcTransport

        return speech_v2.SpeechClient(transport=SpeechGrpcTransport(channel=grpc.insecure_channel(emulator)))
    host = "speech.googleapis.com" if location == "global" else f"{location}-speech.googleapis.com"
    return speech_v2.SpeechClient(client_options={"api_endpoint": host})


@cache
def jobs_client() -> run_v2.JobsClient:
    """Cloud Run's jobs."""
    from google.cloud import run_v2

    channel = _run_emulator()
    if channel is None:
        return run_v2.JobsClient()
    from google.cloud.run_v2.services.jobs.transports import JobsGrpcTransport

    return run_v2.JobsClient(transport=JobsGrpcTransport(channel=channel))


@cache
def executions_client() -> run_v2.ExecutionsClient:
    """Executions of Cloud Run's jobs."""
    from google.cloud import run_v2

    channel = _run_emulator()
    if channel is None:
        return run_v2.ExecutionsClient()
    from google.cloud.run_v2.services.executions.transports import ExecutionsGrpcTransport

    return run_v2.ExecutionsClient(transport=ExecutionsGrpcTransport(channel=channel))


def _run_emulator() -> grpc.Channel | None:
    import grpc

    emulator = os.environ.get("RUN_EMULATOR_HOST")
    return grpc.insecure_channel(emulator) if emulator else None


def forget() -> None:
    """Drops the clients, after the environment has come to name another cloud or stack."""
    documents = (firestore_client, control_client)
    storage = (storage_client, storage_http, media_bucket)
    google = (*storage, *documents, vision_client, speech_client, publisher_client)
    for client in (*google, jobs_client, executions_client):
        client.cache_clear()
