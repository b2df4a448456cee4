"""The account of a workload, as declared, told by a metadata server as in every container on Google Cloud."""

from __future__ import annotations

from typing import Any

from ...accounts import metadata_host
from ..graph import Resource
from .context import Context

_DECLARED = {
    "gcp:cloudfunctionsv2/function:Function": ("serviceConfig", "serviceAccountEmail"),
    "gcp:cloudrunv2/service:Service": ("template", "serviceAccount"),
    "gcp:cloudrunv2/job:Job": ("template", "template", "serviceAccount"),
    "gcp:compute/instance:Instance": ("serviceAccount", "email"),
}
_DEFAULT = "0-compute@developer.gserviceaccount.com"  # what runs where none is declared; a lint forbids it


def metadata_server(context: Context, workload: Resource) -> dict[str, str]:
    """The variable that names the workload's metadata server; on Google Cloud it has the same address everywhere."""
    found: Any = workload.inputs
    for part in _DECLARED[workload.type]:
        found = (found or {}).get(part)
    return {"GCE_METADATA_HOST": metadata_host(context.addresses.storage, found or _DEFAULT)}
