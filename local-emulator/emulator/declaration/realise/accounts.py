"""The account of a workload, as declared: its metadata server, as on Google Cloud, and its rights in databases."""

from __future__ import annotations

import json
from typing import Any

from ...accounts import metadata_host
from ...emulators.firestore import permits
from ...emulators.gcs.identity.conditions import judged
from ..graph import Graph, Resource
from .context import Context

_DECLARED = {
    "gcp:cloudfunctionsv2/function:Function": ("serviceConfig", "serviceAccountEmail"),
    "gcp:cloudrunv2/service:Service": ("template", "serviceAccount"),
    "gcp:cloudrunv2/job:Job": ("template", "template", "serviceAccount"),
    "gcp:compute/instance:Instance": ("serviceAccount", "email"),
}
_RIGHTS = {"roles/datastore.user": permits.WRITE, "roles/datastore.viewer": permits.READ}
_DEFAULT = "0-compute@developer.gserviceaccount.com"  # what runs where none is declared; a lint forbids it


def identity(context: Context, workload: Resource) -> dict[str, str]:
    """The variables of a workload's account, which no workload has on Google Cloud: there the address of its metadata
    server is the same everywhere, and Firestore knows its rights."""
    found: Any = workload.inputs
    for part in _DECLARED[workload.type]:
        found = (found or {}).get(part)
    account = found or _DEFAULT
    return {
        "GCE_METADATA_HOST": metadata_host(context.addresses.storage, account),
        permits.VARIABLE: json.dumps(databases(context.graph, account)),
    }


def databases(graph: Graph, account: str) -> dict[str, str]:
    """The declared databases (projects/P/databases/D) that an account may use, each with READ or WRITE."""
    found: dict[str, str] = {}
    for grant in graph.of("gcp:projects/iAMMember:IAMMember"):
        right = _RIGHTS.get(grant.inputs["role"])
        if right is None or grant.inputs["member"] != f"serviceAccount:{account}":
            continue
        expression = (grant.inputs.get("condition") or {}).get("expression", "")
        for database in graph.of("gcp:firestore/database:Database"):
            path = f"projects/{grant.inputs['project']}/databases/{database.outputs['name']}"
            attributes = {
                "name": path,
                "type": "firestore.googleapis.com/Database",
                "service": "firestore.googleapis.com",
            }
            if (not expression or judged(expression, attributes)) and found.get(path) != permits.WRITE:
                found[path] = right
    return found
