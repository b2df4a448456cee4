"""`config/analysis`: the settings of analysis, with a stream's own over them and the brands. Read from memory.

    configured = config.of(stream)
    configured.settings.sampling.get("maximum_interval")   # None: this process's own default
    config.brands(configured)

The document lies in the database `control`, which workloads that open media cannot read. They read an object with the
same settings, which `publish` writes: front after each change, housekeep where the two differ.

A change is noticed within `analysis.NOTICED_SECONDS`, without a restart: the object, `changes/brands` and the stream's
document are read that often while events come, brands only after one has changed. `revision` differs whenever a setting
or a brand does: then even a still picture is worth another look.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from google.api_core.exceptions import AlreadyExists, FailedPrecondition, GoogleAPICallError, RetryError
from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud.clients import control_client, firestore_client, media_bucket
from ..cloud.ttl_cache import Cached
from ..domain import analysis, names
from ..domain.errors import Conflict
from ..domain.model import AnalysisSettings, Brand
from . import streams
from .brands import enabled
from .control import audit

log = logging.getLogger(__name__)

_BY_HAND = 30.0  # seconds until a change of a brand is noticed that was made past the API
_OWN = ("brands_changed",)  # a field of earlier releases besides the settings
_TIMEOUT = 10  # seconds of one call to Cloud Storage


@dataclass(frozen=True, slots=True)
class Stored:
    """`config/analysis`. `version` is the document's; None if it does not exist."""

    settings: AnalysisSettings
    version: Any = None


@dataclass(frozen=True, slots=True)
class Configured:
    """The settings that apply to a stream, and its tenant."""

    settings: AnalysisSettings
    revision: str
    version: str
    tenant: str = ""


def of(stream: str) -> Configured:
    """The settings that apply to `stream`, at most NOTICED_SECONDS old. Raises NotFound for a deleted stream."""
    stored, found = _deployment.get(""), _streams.get(stream)
    version, own = f"{stored.version} {_changed.get('')}", found.settings
    content = json.dumps([version, own.fields()], sort_keys=True)
    revision = hashlib.sha256(content.encode()).hexdigest()[:12]
    return Configured(own.over(stored.settings), revision, version, found.tenant)


def brands(configured: Configured) -> tuple[Brand, ...]:
    """The brands of the stream's tenant that are enabled."""
    return tuple(brand for brand in _brands.get(configured.version) if brand.tenant == configured.tenant)


def load() -> Stored:
    """`config/analysis` as it is stored. Raises BadRequest if it was edited by hand and is invalid."""
    snapshot = control_client().document(names.CONFIG).get()
    fields: dict[str, Any] = snapshot.to_dict() or {}
    settings = {name: value for name, value in fields.items() if name not in _OWN}
    return Stored(analysis.parse(settings, ""), snapshot.update_time if snapshot.exists else None)


def save(stored: Stored) -> None:
    """Replaces the version that `stored` was made from. Raises Conflict if it has changed since."""
    document = control_client().document(names.CONFIG)
    try:
        if stored.version is None:
            audit.create(document, stored.settings.fields())
        else:
            option = control_client().write_option(last_update_time=stored.version)
            audit.update(document, stored.settings.fields(), option)
    except (AlreadyExists, FailedPrecondition, GoogleNotFound):
        raise Conflict("the configuration was changed meanwhile: read it and send this again") from None
    try:
        publish()
    except (GoogleAPICallError, RetryError, requests.RequestException) as error:  # housekeep does it within a minute
        log.warning("the configuration is saved and not published yet: %s", error)


def publish() -> bool:
    """Writes the stored settings to the object that workloads read, unless it says the same. Returns whether it did.

    Of several that do this at once, the last one to look has seen the newest settings. Raises BadRequest if the
    settings were edited by hand and are invalid: the object keeps the last valid ones.
    """
    blob, written = media_bucket().blob(names.CONFIG_OBJECT), False
    while True:
        stored = load()
        version = None if stored.version is None else str(stored.version)
        text = json.dumps({"version": version, "settings": stored.settings.fields()}, sort_keys=True)
        if _published() == text or (version is None and _published() is None):
            return written
        blob.upload_from_string(text, "application/json", timeout=_TIMEOUT)
        written = True


def merged(settings: AnalysisSettings, patch: Mapping[str, Any]) -> AnalysisSettings:
    """Settings after a merge patch (RFC 7396): objects are merged, null takes away. Raises BadRequest."""
    return analysis.parse(_merge(settings.fields(), patch), "")


def refresh() -> None:
    """Makes the next call read the settings again."""
    for cache in (_deployment, _changed, _streams):
        cache.clear()


def forget() -> None:
    """Makes the next call read everything again, also brands that were changed by hand."""
    for cache in (_deployment, _changed, _streams, _brands):
        cache.clear()


def _merge(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    merged: dict[str, Any] = dict(value) if isinstance(value, dict) else {}
    for name, change in patch.items():
        if change is None:
            merged.pop(name, None)
        else:
            merged[name] = _merge(merged.get(name), change)
    return merged


def _published() -> str | None:
    try:
        return media_bucket().blob(names.CONFIG_OBJECT).download_as_bytes(timeout=_TIMEOUT).decode()
    except GoogleNotFound:
        return None


def _current(_: str) -> Stored:
    text = _published()
    if text is None:
        return Stored(AnalysisSettings())
    found: dict[str, Any] = json.loads(text)
    return Stored(analysis.parse(found["settings"], ""), found["version"])


def _last_change(_: str) -> str:
    return str(firestore_client().document(names.BRANDS_CHANGED).get().update_time)


_changed = Cached(_last_change, analysis.NOTICED_SECONDS)
_deployment = Cached(_current, analysis.NOTICED_SECONDS)
_streams = Cached(lambda stream: streams.get(stream), analysis.NOTICED_SECONDS)
_brands = Cached(lambda _: enabled(), _BY_HAND, most=2)
