"""`config/analysis`: the settings of analysis, with a stream's own over them and the brands. Read from memory.

    configured = config.of(stream)
    configured.settings.sampling.get("maximum_interval")   # None: this process's own default
    config.brands(configured)

A change is noticed within `analysis.NOTICED_SECONDS`, without a restart: `config/analysis` and the stream's document
are read that often while events come, brands only after one has changed. `revision` differs whenever a setting or a
brand does: then even a still picture is worth another look.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from google.api_core.exceptions import AlreadyExists, FailedPrecondition
from google.api_core.exceptions import NotFound as GoogleNotFound

from ..cloud.clients import firestore_client
from ..cloud.ttl_cache import Cached
from ..domain import analysis, names
from ..domain.errors import BadRequest, Conflict
from ..domain.model import AnalysisSettings, Brand
from . import streams
from .brands import enabled
from .control import audit

log = logging.getLogger(__name__)

_BY_HAND = 30.0  # seconds until a change of a brand is noticed that was made past the API
_OWN = ("brands_changed",)  # fields of the document besides the settings


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
    version, own = str(stored.version), found.settings
    content = json.dumps([version, own.fields()], sort_keys=True)
    revision = hashlib.sha256(content.encode()).hexdigest()[:12]
    return Configured(own.over(stored.settings), revision, version, found.tenant)


def brands(configured: Configured) -> tuple[Brand, ...]:
    """The brands of the stream's tenant that are enabled."""
    return tuple(brand for brand in _brands.get(configured.version) if brand.tenant == configured.tenant)


def load() -> Stored:
    """`config/analysis` as it is stored. Raises BadRequest if it was edited by hand and is invalid."""
    snapshot = firestore_client().document(names.CONFIG).get()
    fields: dict[str, Any] = snapshot.to_dict() or {}
    settings = {name: value for name, value in fields.items() if name not in _OWN}
    return Stored(analysis.parse(settings, ""), snapshot.update_time if snapshot.exists else None)


def save(stored: Stored) -> None:
    """Replaces the version that `stored` was made from. Raises Conflict if it has changed since."""
    document = firestore_client().document(names.CONFIG)
    try:
        if stored.version is None:
            audit.create(document, stored.settings.fields())
        else:
            option = firestore_client().write_option(last_update_time=stored.version)
            audit.update(document, stored.settings.fields(), option)
    except (AlreadyExists, FailedPrecondition, GoogleNotFound):
        raise Conflict("the configuration was changed meanwhile: read it and send this again") from None


def merged(settings: AnalysisSettings, patch: Mapping[str, Any]) -> AnalysisSettings:
    """Settings after a merge patch (RFC 7396): objects are merged, null takes away. Raises BadRequest."""
    return analysis.parse(_merge(settings.fields(), patch), "")


def refresh() -> None:
    """Makes the next call read the settings again."""
    _deployment.clear()
    _streams.clear()


def forget() -> None:
    """Makes the next call read everything again, also brands that were changed by hand."""
    for cache in (_deployment, _streams, _brands):
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


def _current(_: str) -> Stored:
    global _last
    try:
        _last = load()
    except BadRequest as error:
        # Edited by hand, past the API. Streams go on with the last valid settings.
        log.error("%s cannot be used: %s", names.CONFIG, error)
    return _last


_last = Stored(AnalysisSettings())
_deployment = Cached(_current, analysis.NOTICED_SECONDS)
_streams = Cached(lambda stream: streams.get(stream), analysis.NOTICED_SECONDS)
_brands = Cached(lambda _: enabled(), _BY_HAND, most=2)
