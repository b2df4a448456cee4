"""The steps, in the order in which a person would try a deployment, and where to look when one fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import checks
from .target import Target

FRONT = 'resource.labels.service_name=~"-front$" severity>=WARNING'
INGEST = 'resource.labels.service_name=~"-ingest$" severity>=WARNING'
PIPELINE = 'resource.labels.service_name=~"-(sample|detect|bury)$" severity>=WARNING'
IMPORTS = '(resource.labels.service_name=~"-imports$" OR resource.labels.job_name=~"-importer$") severity>=WARNING'


@dataclass(frozen=True, slots=True)
class Step:
    """`check` returns what it found, and raises Failed. It runs where everything that it `needs` passed.

    `logs` is a query of Cloud Logging, `workloads` the same for a local stack, `guide` a heading of docs/.
    """

    name: str
    check: Callable[[Target], str]
    needs: tuple[str, ...]
    logs: str
    workloads: tuple[str, ...]
    guide: str


STEPS = (
    Step("page", checks.page, (), FRONT, ("front",), "docs/deploy.md#when-something-fails"),
    Step("health", checks.health, ("page",), FRONT, ("front", "ingest"), "docs/operations.md#health"),
    Step("providers", checks.providers, ("page",), FRONT, ("front", "detect"), "docs/operations.md#health"),
    Step("stream", checks.stream, ("page",), FRONT, ("front",), "docs/operations.md#what-becomes-of-an-error"),
    Step("publish", checks.publish, ("stream",), INGEST, ("ingest",), "docs/operations.md#limits"),
    Step("boxes", checks.boxes, ("publish",), PIPELINE, ("sample", "detect"), "docs/operations.md#dead-letters"),
    Step("media", checks.media, ("publish",), FRONT, ("front",), "docs/operations.md#what-becomes-of-an-error"),
    Step("grants", checks.grants, ("publish",), FRONT, ("front",), "docs/operations.md#what-becomes-of-an-error"),
    Step("private", checks.private, ("media",), FRONT, ("front", "gcs"), "docs/operations.md#what-becomes-of-an-error"),
    Step("report", checks.report, ("publish",), FRONT, ("front",), "docs/operations.md#what-becomes-of-an-error"),
    Step("cost", checks.cost, ("publish",), FRONT, ("front",), "docs/operations.md#a-jump-in-cost"),
    Step("upload", checks.upload, ("stream",), IMPORTS, ("imports", "importer"), "docs/operations.md#imports"),
)
CLEAN_UP = Step("clean up", checks.clean_up, ("stream",), FRONT, ("front",), "docs/operations.md#stopping-and-starting")
