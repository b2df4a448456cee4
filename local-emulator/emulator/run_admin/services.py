"""Services of Cloud Run's Admin API: GetService, and UpdateService of the least number of instances.

A service runs here as one process from the stack's start to its end; the number is kept and told, as the cloud does.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Any

from google.cloud import run_v2
from google.longrunning import operations_pb2
from grpc import StatusCode

from ..rpc import CallError
from .registered import ServiceSpec, find_service, register

_SERVICE = re.compile(r"projects/[^/]+/locations/[^/]+/services/[^/]+")
_CHANGEABLE = {"scaling", "scaling.min_instance_count", "scaling.minInstanceCount"}


class Services:
    """Answers raw messages. Raises CallError."""

    def __init__(self, folder: Path) -> None:
        """`folder` is where services are registered."""
        self._folder, self._lock = folder, Lock()

    def get(self, request: Any) -> Any:
        """What was declared, and what was changed since."""
        return _message(self._find(request.name))

    def update(self, request: Any) -> Any:
        """Changes the least number of instances; the operation is done at once."""
        paths = set(request.update_mask.paths)
        if not paths or not paths <= _CHANGEABLE or request.validate_only:
            raise CallError(
                StatusCode.UNIMPLEMENTED, "UpdateService is emulated for update_mask scaling.min_instance_count alone."
            )
        least = request.service.scaling.min_instance_count
        if least < 0:
            raise CallError(StatusCode.INVALID_ARGUMENT, "scaling.min_instance_count must not be negative.")
        with self._lock:
            spec = self._find(request.service.name)
            spec = replace(spec, min_instances=least, generation=spec.generation + 1)
            register(self._folder, spec)
        operation = operations_pb2.Operation(
            name=f"{spec.name.rsplit('/services/', 1)[0]}/operations/update-{spec.generation}", done=True
        )
        operation.response.Pack(_message(spec))
        return operation

    def _find(self, name: str) -> ServiceSpec:
        if not _SERVICE.fullmatch(name):
            raise CallError(
                StatusCode.INVALID_ARGUMENT, f"{name!r} is no service: use projects/P/locations/L/services/S."
            )
        spec = find_service(self._folder, name)
        if not spec:
            message = f"Resource '{name.rsplit('/', 1)[-1]}' of kind 'SERVICE' does not exist."
            raise CallError(StatusCode.NOT_FOUND, message)
        return spec


def _message(spec: ServiceSpec) -> Any:
    container = run_v2.Container(image=spec.image)
    template = run_v2.RevisionTemplate(
        containers=[container],
        service_account=spec.service_account,
        scaling=run_v2.RevisionScaling(max_instance_count=spec.max_instances),
    )
    service = run_v2.Service(
        name=spec.name,
        uri=spec.uri,
        template=template,
        scaling=run_v2.ServiceScaling(min_instance_count=spec.min_instances),
        generation=spec.generation,
        observed_generation=spec.generation,
    )
    return run_v2.Service.pb(service)
