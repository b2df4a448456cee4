"""A stand-in for the API's brands and settings (openapi.json), whose moods a test sets. The real one is in tests/e2e.

Brands become documents and objects, as the API makes them, so that the page sees them come.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

from google.cloud import firestore
from tests.web.doubles.api_double import Answer, ApiDouble, refused

KINDS = ("logo", "text", "object", "label", "face", "safe_search")
SAMPLING = {
    "looks_per_second": 5.0,
    "minimum_interval": 1.0,
    "maximum_interval": 20.0,
    "follow_interval": 1.2,
    "change": 0.001,
    "calls_per_hour": 900.0,
}
LIMITS = {
    "looks_per_second": [0.2, 30],
    "minimum_interval": [0.1, 3600],
    "maximum_interval": [0.1, 3600],
    "follow_interval": [0.1, 3600],
    "change": [0, 1],
    "calls_per_hour": [1, 36000],
}
DEFAULTS = {
    "kinds": ["logo", "text"],
    "providers": {kind: ["vision"] for kind in KINDS},
    "threshold": dict.fromkeys(KINDS, 0.5),
    "brands": [],
    "sampling": SAMPLING,
    "speech": {"enabled": False, "languages": ["en-US"]},
}
_NO_STATUS = dict.fromkeys(("place", "state", "model", "device", "queue", "last_error", "last_error_at", "updated"))
NOTHING: dict[str, Any] = {"kinds": [], "brands": [], **{name: {} for name in ("providers", "threshold", "sampling")}}
NOTHING |= {"speech": {}, "words": {}}


def provider(name: str, kinds: Sequence[str], **said: Any) -> dict[str, Any]:
    """One of GET /providers."""
    return {"name": name, "type": name, "own": False, "kinds": list(kinds), "has_key": False, **_NO_STATUS, **said}


PROVIDERS = [
    provider("vision", KINDS),
    provider("clip", ["logo", "label"]),
    provider("owl", ["logo", "object"]),
    provider("gallery", ["logo"]),
]


class OperatorDouble(ApiDouble):
    """`asked` is every change that was asked for. `refusals`: how the next such request is answered, status and detail.

    `stored` is `config/analysis`, `streams` the settings of streams.
    """

    def __init__(self, db: firestore.Client, media: MutableMapping[str, Any]) -> None:
        super().__init__()
        self.asked: list[tuple[str, str, Any]] = []
        self.refusals: dict[tuple[str, str], tuple[int, str]] = {}
        self.stored: dict[str, Any] = {**NOTHING, "places": {}, "own_providers": {}}
        self.keyed: set[str] = set()
        self.streams: dict[str, dict[str, Any]] = {}
        self.preview: dict[str, Any] = {}
        self.after: Callable[[], None] = lambda: None
        self._db = db
        self._media = media

    def answer(self, method: str, path: str, body: Any) -> Answer:
        plain = path.partition("?")[0]
        if method != "GET":
            self.asked.append((method, plain, body))
        if refusal := self.refusals.pop((method, plain), None):
            return refused(*refusal)
        answer = self._do(method, plain, body)
        self.after()
        return answer

    def _do(self, method: str, path: str, body: Any) -> Answer:
        parts = path.strip("/").split("/")
        match method, parts:
            case "GET", ["streams"]:
                return 200, {"streams": [], "next": None}
            case "GET", ["providers"]:
                return 200, {"providers": [*PROVIDERS, *self._own_providers()]}
            case _, ["config", "analysis"]:
                return 200, self._configuration(method, body)
            case "POST", ["streams", _, "sessions", _, "preview"]:
                return 200, {"preview": self.preview}
            case _, ["streams", stream]:
                if method == "PATCH":
                    self.streams[stream] = {**NOTHING, **body["settings"]}
                return 200, {"stream": {"id": stream, "settings": self.streams.get(stream, NOTHING)}}
            case _, ["brands", *rest]:
                return self._brand(method, rest, body)
            case _:
                return 404, {}

    def _configuration(self, method: str, patch: Any) -> dict[str, Any]:
        if method == "PATCH":
            self.stored = _merged(self.stored, patch)
            for name, one in self.stored["own_providers"].items():
                if one.pop("key", None):
                    self.keyed.add(name)
        return {"config": self.stored, "defaults": DEFAULTS, "limits": LIMITS}

    def _own_providers(self) -> list[dict[str, Any]]:
        own: dict[str, dict[str, Any]] = self.stored["own_providers"]
        return [
            provider(name, ["logo"], type=one["type"], own=True, has_key=name in self.keyed, place=one.get("address"))
            for name, one in own.items()
        ]

    def _brand(self, method: str, rest: list[str], body: Any) -> Answer:
        match method, rest:
            case "POST", []:
                brand = re.sub(r"[^a-z0-9]+", "-", body["name"].lower()).strip("-")
                fields = {
                    "tenant": "main",
                    "aliases": [],
                    "prompts": [],
                    "references": [],
                    "threshold": None,
                    "enabled": True,
                    **body,
                }
                self._document(brand).set({"tenant": "main", **fields})
                return 201, {"brand": {"id": brand, **fields}}
            case "POST", [brand, "references"]:
                name = f"brands/{brand}/{len(self._media):016x}.png"
                self._media[name] = body
                self._document(brand).update({"references": firestore.ArrayUnion([name])})
                return 201, {"reference": name, "brand": {"id": brand}}
            case "DELETE", [brand, "references", file]:
                self._document(brand).update({"references": firestore.ArrayRemove([f"brands/{brand}/{file}"])})
                return 200, {"brand": {"id": brand}}
            case "DELETE", [brand]:
                self._document(brand).delete()
                return 204, None
            case _, [brand, *_]:
                self._document(brand).update(body)
                return 200, {"brand": {"id": brand}}
            case _:
                return 404, {}

    def _document(self, brand: str) -> firestore.DocumentReference:
        return self._db.document(f"brands/{brand}")


def _merged(value: Any, patch: Any) -> Any:
    if not isinstance(patch, dict):
        return patch
    merged = dict(value) if isinstance(value, dict) else {}
    for name, change in patch.items():
        if change is None:
            merged.pop(name, None)
        else:
            merged[name] = _merged(merged.get(name), change)
    return merged
