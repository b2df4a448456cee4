"""Addresses of a running stack."""

from __future__ import annotations

from dataclasses import dataclass

from ..accounts import OWNER, metadata_host
from ..processes.proxies import around_here


@dataclass(frozen=True, slots=True)
class Endpoints:
    """The addresses of a running stack, and its admin key."""

    project: str
    storage: str
    pubsub: str
    firestore: str
    vision: str
    run: str
    speech: str
    auth: str
    media_bucket: str
    uploads_bucket: str
    ingest: str
    api: str
    web: str
    console: str
    admin_key: str
    rtmp: str = ""  # where this machine has no nginx for it

    def env(self) -> dict[str, str]:
        """The environment of any client of the stack. No emulator is named where Google's own service answers."""
        variables = {
            "GOOGLE_CLOUD_PROJECT": self.project,
            "STORAGE_EMULATOR_HOST": f"http://{self.storage}",
            "GCE_METADATA_HOST": metadata_host(self.storage, OWNER),
            "PUBSUB_EMULATOR_HOST": self.pubsub,
            "FIRESTORE_EMULATOR_HOST": self.firestore,
            "VISION_EMULATOR_HOST": self.vision,
            "RUN_EMULATOR_HOST": self.run,
            "SPEECH_EMULATOR_HOST": self.speech,
            "FIREBASE_AUTH_EMULATOR_HOST": self.auth,
            "MEDIA_BUCKET": self.media_bucket,
            "UPLOADS_BUCKET": self.uploads_bucket,
            "INGEST_URL": self.ingest,
            "API_URL": self.api,
            "WEB_URL": self.web,
            "CONSOLE_URL": self.console,
            "ADMIN_KEY": self.admin_key,
            "RTMP_URL": self.rtmp,
            **around_here(),
        }
        return {name: value for name, value in variables.items() if value}
