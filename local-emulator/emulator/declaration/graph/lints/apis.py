"""Lints of the APIs that are enabled: Google refuses every call to one that is not, and none is enabled by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from .. import variables
from ..model import Graph, Resource

SERVICE = "gcp:projects/service:Service"

# By the beginning of a resource's type: the longest that fits counts.
BY_TYPE: dict[str, tuple[str, ...]] = {
    "gcp:artifactregistry/": ("artifactregistry",),
    "gcp:billing/budget:": ("billingbudgets",),
    "gcp:cloudfunctionsv2/": ("cloudfunctions", "cloudbuild", "artifactregistry", "run", "storage"),
    "gcp:cloudrunv2/": ("run",),
    "gcp:cloudscheduler/": ("cloudscheduler",),
    "gcp:compute/": ("compute",),
    "gcp:firebase/": ("firebase",),
    "gcp:firebase/appCheck": ("firebaseappcheck",),
    "gcp:firebase/appCheckRecaptchaEnterpriseConfig:": ("firebaseappcheck", "recaptchaenterprise"),
    "gcp:firebaserules/": ("firebaserules",),
    "gcp:firestore/": ("firestore",),
    "gcp:identityplatform/": ("identitytoolkit", "securetoken"),
    "gcp:logging/": ("logging",),
    "gcp:monitoring/": ("monitoring",),
    "gcp:projects/apiKey:": ("apikeys",),
    "gcp:projects/iAMCustomRole:": ("iam",),
    "gcp:projects/iAMMember:": ("cloudresourcemanager",),
    "gcp:projects/service:": (),  # what enables the others is enabled in every project
    "gcp:projects/serviceIdentity:": ("serviceusage",),
    "gcp:pubsub/": ("pubsub",),
    "gcp:secretmanager/": ("secretmanager",),
    "gcp:serviceaccount/": ("iam",),
    "gcp:storage/": ("storage",),
    "pulumi-python:dynamic/firebaserules:": ("firebaserules",),
}
# By the module that a workload's source imports.
BY_LIBRARY = {
    "google.cloud.firestore": "firestore",
    "google.cloud.firestore_v1": "firestore",
    "google.cloud.pubsub_v1": "pubsub",
    "google.cloud.run_v2": "run",
    "google.cloud.speech_v2": "speech",
    "google.cloud.storage": "storage",
    "google.cloud.vision": "vision",
    "google.cloud.vision_v1": "vision",
}
# By the beginning of a role: what its holder calls without a library of Google's that names it.
BY_ROLE = {
    "roles/iam.serviceAccountTokenCreator": ("iamcredentials",),
    "roles/logging.": ("logging",),
    "roles/telemetry.": ("telemetry", "cloudtrace"),  # spans arrive by the one and are kept by the other
}


def of_type(resource: Resource) -> tuple[str, ...] | None:
    """The APIs that making `resource` calls; None where the table does not know its type."""
    fits = [start for start in BY_TYPE if resource.type.startswith(start)]
    return BY_TYPE[max(fits, key=len)] if fits else None


def enabled(graph: Graph, root: Path) -> Iterator[str]:
    """Every API is enabled that a resource or the source of a workload needs, and no other one."""
    needed: dict[str, str] = {}
    for resource in graph.resources.values():
        apis = of_type(resource)
        if apis is None and resource.type.startswith("gcp:"):
            yield f"{resource.label}: which APIs {resource.type} needs is not in BY_TYPE of lints/apis.py"
        needed |= dict.fromkeys(apis or (), resource.label)
        role = str(resource.inputs.get("role", ""))
        for start, called in BY_ROLE.items():
            needed |= dict.fromkeys(called if role.startswith(start) else (), resource.label)
    for workload in variables.workloads(graph, root):
        for library in sorted(_libraries(workload.imports)):
            if library in BY_LIBRARY:
                needed[BY_LIBRARY[library]] = f"{workload.resource.label}, which imports {library}"
            else:
                yield f"{workload.resource.label}: which API {library} calls is not in BY_LIBRARY of lints/apis.py"
    there = {service.inputs["service"].removesuffix(".googleapis.com") for service in graph.of(SERVICE)}
    for api in sorted(needed.keys() - there):
        yield f"{needed[api]}: needs {api}.googleapis.com, which is not enabled"
    for api in sorted(there - needed.keys()):
        yield f"Service {api}: nothing needs {api}.googleapis.com"


def _libraries(modules: Iterable[str]) -> set[str]:
    """google.cloud.NAME of what is imported from there."""
    parts = [module.split(".") for module in modules if module.startswith("google.cloud.")]
    return {".".join(part[:3]) for part in parts}
