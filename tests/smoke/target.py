"""The deployment that is checked, and what the steps leave for each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote

from emulator.sample.api import Api, Deployment


class Failed(Exception):
    """A step did not find what it should. The message says what was found instead."""


@dataclass
class Target:
    """`patience` is how many seconds anything that another process does may take."""

    page: str
    key: str
    clip: Path
    seconds: float = 12.0
    patience: float = 300.0
    id: str = field(default_factory=lambda: f"smoke-{token_hex(4)}")
    stream_key: str = ""
    session: str = ""
    stored: str = ""  # the address of a segment in Cloud Storage, without what signs it
    found: Deployment | None = None

    @property
    def deployment(self) -> Deployment:
        """Where everything is, once the page has said so."""
        assert self.found is not None, "the step `page` has not passed"
        return self.found

    @property
    def api(self) -> Api:
        """The API, for an operator."""
        return self.deployment.api

    @property
    def local(self) -> bool:
        """Whether it is a local stack."""
        return bool(self.found and self.found.config.get("firestoreEmulator"))

    def logs(self, query: str, workloads: tuple[str, ...]) -> str:
        """Where the logs are."""
        if self.local:
            return "; ".join(f"python local-emulator logs {name}" for name in workloads)
        project = self.found.config.get("projectId") if self.found else None
        at = f"?project={project}" if project else ""
        return f"https://console.cloud.google.com/logs/query;query={quote(query, safe='')}{at}"
