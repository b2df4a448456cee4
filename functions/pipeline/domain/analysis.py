"""Analysis settings, of `config/analysis` and of a stream, which overrides it field by field: parsing. Pure.

{"kinds": ["logo"], "providers": {"logo": ["clip", "gallery"]}, "threshold": {"logo": 0.6}, "brands": ["nike"],
 "sampling": {"maximum_interval": 10}, "places": {"clip": "http://gpu.lan:8080"},
 "speech": {"enabled": true, "languages": ["en-US"]}}

Providers are in order of preference: the next one serves while those before it fail. A field that is left out has the
deployment's default, or for a stream the value of `config/analysis`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from .errors import BadRequest
from .model import AnalysisSettings, Kind, SpeechSettings
from .providers import PROVIDERS

SAMPLING: Mapping[str, tuple[float, float]] = {
    "looks_per_second": (0.2, 30.0),  # frames compared
    "minimum_interval": (0.1, 3600.0),  # s between frames sent on
    "maximum_interval": (0.1, 3600.0),  # s after which one is sent on unchanged
    "follow_interval": (0.1, 3600.0),  # s after which one is sent on while things move
    "change": (0.0, 1.0),  # share of the picture from which on something came into it
    "calls_per_hour": (1.0, 36000.0),  # frames sent on in an hour, at most
}
"""The settings of sampling, each with its least and its greatest value."""

NOTICED_SECONDS = 2.0
"""Until a change is noticed: half a frame's interval, so that a new brand is seen on the next frame but one."""

_MAX_BRANDS = 200
_MAX_ENDPOINT_LENGTH = 500
_MAX_LANGUAGES = 4
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # the form of BCP 47; only Google knows which it supports


def parse(value: Any, name: str, *, endpoints: bool = True) -> AnalysisSettings:
    """Settings that were sent or stored under `name`; null counts as left out. Raises BadRequest naming the field."""
    known = ("kinds", "providers", "threshold", "brands", "sampling", "speech", *(("places",) if endpoints else ()))
    given = _object(value, name, known)
    of = f"{name}." if name else ""
    return AnalysisSettings(
        kinds(given.get("kinds") or [], f"{of}kinds"),
        _providers(given.get("providers") or {}, f"{of}providers"),
        _threshold(given.get("threshold"), f"{of}threshold"),
        _brands(given.get("brands") or [], f"{of}brands"),
        _sampling(given.get("sampling") or {}, f"{of}sampling"),
        _endpoints(given.get("places") or {}, f"{of}places"),
        speech(given.get("speech") or {}, f"{of}speech"),
    )


def kinds(value: Any, name: str) -> tuple[Kind, ...]:
    """Kinds of detections. Raises BadRequest naming the field."""
    known = [kind.value for kind in Kind]
    if not isinstance(value, list) or any(kind not in known for kind in value):
        raise BadRequest(f"'{name}' must be a list of any of {', '.join(known)}")
    return tuple(Kind(kind) for kind in dict.fromkeys(value))


def speech(value: Any, name: str) -> SpeechSettings:
    """The settings of transcription: on or off, and the languages. Raises BadRequest naming the field."""
    given = _object(value, name, ("enabled", "languages"))
    enabled, languages = given.get("enabled"), given.get("languages") or []
    if enabled is not None and not isinstance(enabled, bool):
        raise BadRequest(f"'{name}.enabled' must be true or false")
    if not isinstance(languages, list) or len(languages) > _MAX_LANGUAGES or not all(map(_is_language, languages)):
        raise BadRequest(f"'{name}.languages' must be a list of at most {_MAX_LANGUAGES} languages, such as en-US")
    return SpeechSettings(enabled, tuple(dict.fromkeys(languages)))


def share(value: Any, name: str) -> float:
    """A number from 0 to 1. Raises BadRequest naming the field."""
    return _number(value, name, 0.0, 1.0)


def _providers(value: Any, name: str) -> dict[Kind, tuple[str, ...]]:
    found: dict[Kind, tuple[str, ...]] = {}
    for kind, listed in _object(value, name, [kind.value for kind in Kind]).items():
        able = [provider for provider, one in PROVIDERS.items() if kind in one.kinds]
        if not isinstance(listed, list) or not listed or any(provider not in able for provider in listed):
            raise BadRequest(f"'{name}.{kind}' must be a list of any of {', '.join(able)}, the preferred one first")
        found[Kind(kind)] = tuple(dict.fromkeys(listed))
    return found


def _threshold(value: Any, name: str) -> dict[Kind, float]:
    """One number is for every kind."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        return dict.fromkeys(Kind, share(value, name))
    given = _object(value, name, [kind.value for kind in Kind])
    return {Kind(kind): share(number, f"{name}.{kind}") for kind, number in given.items()}


def _brands(value: Any, name: str) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > _MAX_BRANDS or any(not isinstance(brand, str) for brand in value):
        raise BadRequest(f"'{name}' must be a list of at most {_MAX_BRANDS} brands' ids or names")
    return tuple(dict.fromkeys(value))


def _sampling(value: Any, name: str) -> dict[str, float]:
    given = _object(value, name, SAMPLING)
    found = {setting: _number(number, f"{name}.{setting}", *SAMPLING[setting]) for setting, number in given.items()}
    if found.get("minimum_interval", 0.0) > found.get("maximum_interval", float("inf")):
        raise BadRequest(f"'{name}.minimum_interval' must not be longer than '{name}.maximum_interval'")
    return found


def _is_language(value: Any) -> bool:
    return isinstance(value, str) and _LANGUAGE.fullmatch(value) is not None


def _endpoints(value: Any, name: str) -> dict[str, str]:
    remote = [provider for provider, one in PROVIDERS.items() if one.remote]
    return {provider: _endpoint(url, f"{name}.{provider}") for provider, url in _object(value, name, remote).items()}


def _endpoint(value: Any, name: str) -> str:
    try:
        url = urlsplit(value) if isinstance(value, str) and len(value) <= _MAX_ENDPOINT_LENGTH else None
        right = url and url.scheme in ("http", "https") and url.hostname and "@" not in url.netloc
        right = right and url and not url.query and not url.fragment and (url.port is None or url.port > 0)
    except ValueError:  # a malformed port or address
        right = False
    if not right:
        raise BadRequest(f"'{name}' must be an address such as https://clip.example or http://10.0.0.5:8080")
    return str(value).rstrip("/")


def _number(value: Any, name: str, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise BadRequest(f"'{name}' must be a number from {least:g} to {most:g}")
    return float(value)


def _object(value: Any, name: str, known: Any) -> Mapping[str, Any]:
    """An object of `known` fields, without those that are null."""
    if not isinstance(value, dict):
        raise BadRequest(f"'{name}' must be an object" if name else "the body must be a JSON object")
    prefix = f"{name}." if name else ""
    for one in value:
        if one not in known:
            raise BadRequest(f"unknown field {prefix + str(one)!r}: expected {', '.join(prefix + k for k in known)}")
    return {one: given for one, given in value.items() if given is not None}
