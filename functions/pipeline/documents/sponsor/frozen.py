"""Frozen reports: objects that are written once, named by their own hash, with the frames that they were taken from.

    {sha256}/report.json          the report, as it was signed; its name is the hash of its bytes
    {sha256}/evidence/{frame}     copies of frames: they stay when the session's own are deleted

`reports/{sha256}` lists them for their tenant. The object is what counts: the identity of front may create objects in
this bucket, and neither replace nor delete one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from google.api_core.exceptions import AlreadyExists, PreconditionFailed
from google.api_core.exceptions import NotFound as GoogleNotFound
from google.cloud.firestore import FieldFilter

from ...cloud.clients import firestore_client, media_bucket
from ...domain import names
from ...domain.errors import Conflict, NotFound
from ...reports.sponsor.evidence import Shot
from ..control import audit
from .settings import reports_bucket

_TIMEOUT = 20  # seconds
_COPIES = 8  # the client keeps 10 connections


@dataclass(frozen=True, slots=True)
class Signature:
    """Whose name a report is frozen under, and when."""

    name: str
    signed_by: str
    by: str | None
    at: datetime


def freeze(told: Mapping[str, Any], shots: Sequence[Shot], signature: Signature, tenant: str) -> str:
    """Writes a report and its evidence, and returns its id: the SHA-256 of its bytes."""
    kept = _present(shots)
    data = json.dumps(
        {
            "name": signature.name,
            "signed_by": signature.signed_by,
            "by": signature.by,
            "at": signature.at.astimezone(UTC).isoformat(),
            "tenant": tenant,
            "report": told,
            "evidence": [shot.told() for shot in kept],
        },
        sort_keys=True,
        ensure_ascii=False,
    ).encode()
    report = hashlib.sha256(data).hexdigest()
    with ThreadPoolExecutor(_COPIES) as pool:
        list(pool.map(partial(_copy, report), kept))
    _create(f"{report}/report.json", data)
    fields = {
        "tenant": tenant,
        "name": signature.name,
        "signed_by": signature.signed_by,
        "by": signature.by,
        "at": signature.at,
        "labels": [one["label"] for one in told["labels"]][:100],
        "sessions": [{"stream": one["stream"], "session": one["session"]} for one in told["sessions"]],
    }
    audit.create(firestore_client().document(names.report_path(report)), fields)
    return report


def read(report: str, tenant: str | None) -> Mapping[str, Any]:
    """A frozen report of a tenant (None: of any), checked against its hash.

    Raises NotFound, and Conflict if it was altered.
    """
    missing = NotFound(f"there is no frozen report {report!r}")
    try:
        data = reports_bucket().blob(f"{names.check_report(report)}/report.json").download_as_bytes(timeout=_TIMEOUT)
    except GoogleNotFound:
        raise missing from None
    found: Mapping[str, Any] = checked(report, data)
    if tenant is not None and found["tenant"] != tenant:
        raise missing
    return found


def checked(report: str, data: bytes) -> Mapping[str, Any]:
    """The report that these bytes are. Raises Conflict unless their hash is its id."""
    if hashlib.sha256(data).hexdigest() != report:
        raise Conflict(f"the frozen report {report} was altered: its bytes do not have this hash")
    return json.loads(data)


def evidence(report: str, name: str) -> bytes:
    """A frame that was kept with a report. Raises NotFound."""
    try:
        return reports_bucket().blob(f"{report}/evidence/{name}").download_as_bytes(timeout=_TIMEOUT)
    except GoogleNotFound:
        raise NotFound(f"the frozen report {report} has no evidence {name!r}") from None


def newest(tenant: str, limit: int) -> list[tuple[str, Mapping[str, Any]]]:
    """Up to `limit` frozen reports of a tenant with their ids, the newest first."""
    query = firestore_client().collection("reports").where(filter=FieldFilter("tenant", "==", tenant))
    found = query.order_by("at", direction="DESCENDING").limit(limit).stream()
    return [(str(one.id), one.to_dict() or {}) for one in found]


def _present(shots: Sequence[Shot]) -> list[Shot]:
    """Those whose frames are there."""
    with ThreadPoolExecutor(_COPIES) as pool:
        there = list(pool.map(_exists, shots))
    return [shot for shot, exists in zip(shots, there, strict=True) if exists]


def _exists(shot: Shot) -> bool:
    return media_bucket().blob(shot.object_name).exists(timeout=_TIMEOUT)


def _copy(report: str, shot: Shot) -> None:
    """Copies a frame, once."""
    data = media_bucket().blob(shot.object_name).download_as_bytes(timeout=_TIMEOUT)
    _create(f"{report}/evidence/{shot.name}", data, "image/jpeg")


def _create(name: str, data: bytes, content_type: str = "application/json") -> None:
    blob = reports_bucket().blob(name)
    try:
        blob.upload_from_string(data, content_type=content_type, if_generation_match=0, timeout=_TIMEOUT)
    except (PreconditionFailed, AlreadyExists):
        return  # the same bytes: their hash is in the name
