"""A stand-in for the API of streams (openapi.json), whose moods a test sets. It writes documents as the real one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from google.cloud import firestore
from tests.web.doubles.api_double import Answer, ApiDouble
from tests.web.doubles.operator_double import DEFAULTS, LIMITS, NOTHING, PROVIDERS


class StreamsDouble(ApiDouble):
    """`asked` is what came: method, path, body. `refusal` is what the next request but the check of the key gets."""

    def __init__(self, db: firestore.Client) -> None:
        super().__init__()
        self.asked: list[tuple[str, str, Any]] = []
        self.refusal: dict[str, Any] | None = None
        self.sessions: list[dict[str, Any]] = []
        self.paths: list[str] = []
        """What was asked for, with its query."""
        self.rounds = 1  # of DELETE, until all is gone
        self.keys = 0
        self.use: dict[str, str | None] = dict.fromkeys(
            ("created", "expires", "previous_until", "last_used", "last_used_from")
        )
        self._db = db

    def changes(self) -> list[tuple[str, str, Any]]:
        """What would have changed something. Tiles ask for grants of media whenever their streams appear."""
        return [one for one in self.asked if one[0] != "GET" and not one[1].endswith("/grants")]

    def answer(self, method: str, path: str, body: Any) -> Answer:
        plain = path.partition("?")[0]
        if (method, plain) == ("GET", "/streams"):
            return 200, {"streams": [], "next": None}
        self.asked.append((method, plain, body))
        self.paths.append(path)
        if self.refusal:
            refusal, self.refusal = self.refusal, None
            return int(refusal["status"]), refusal
        return self._done(method, plain, body)

    def _done(self, method: str, path: str, body: Any) -> Answer:
        if (method, path) == ("POST", "/streams"):
            document = {
                "tenant": "main",
                "name": body["name"],
                "state": "idle",
                "session": None,
                "created": datetime.now(UTC),
            }
            self._db.document(f"streams/{body['id']}").set({"tenant": "main", **document})
            return 201, {"stream": {**body, "state": "idle"}, "key": self._key()}
        if path == "/providers":
            return 200, {"providers": PROVIDERS}
        if path == "/config/analysis":
            return 200, {"config": NOTHING, "defaults": DEFAULTS, "limits": LIMITS}
        _, _, stream, *rest = path.split("/")
        reference = self._db.document(f"streams/{stream}")
        match (method, rest):
            case "POST", ["key"]:
                return 200, {"key": self._key()}
            case "POST", ["stop"]:
                return 202, {"stopped": {"holder": "obs", "session": None, "since": "2026-03-01T12:00:00Z"}}
            case "GET", []:
                return 200, {"stream": {"id": stream, "settings": NOTHING}}
            case "GET", ["key"]:
                return 200, {"key": self.use}
            case "GET", ["shares"]:
                return 200, {"shares": []}
            case "GET", ["sessions"]:
                return 200, {"sessions": self.sessions, "next": None}
            case "PATCH", []:
                reference.update(body)
                return 200, {"stream": {"id": stream, **body}}
            case "DELETE", []:
                self.rounds -= 1
                if self.rounds > 0:
                    return 202, {"detail": "there is more: send this again"}
                reference.delete()
                return 204, None
            case _:
                return 404, {"title": "Not Found"}

    def _key(self) -> str:
        self.keys += 1
        return f"sk_double-{self.keys}"
