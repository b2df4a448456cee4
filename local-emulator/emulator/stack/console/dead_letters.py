"""Dead letters: watched through a subscription of our own, so that the declared ones keep theirs."""

from __future__ import annotations

import base64
import json
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import CallFailed
from ...processes.logfiles import file_of, tail
from ...rest import call

_EVERY = 2.0  # s
_KEPT = 100  # letters shown
_LOG_LINES = 400  # searched for the reason
_FROM = "CloudPubSubDeadLetterSourceSubscription"
_TRIES = "CloudPubSubDeadLetterSourceDeliveryCount"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that a subscription gave up on. `about` is the object it announced; `reason` a line of the log."""

    subscription: str
    message: str
    published: str
    attempts: str
    about: str
    reason: str


class DeadLetters:
    """Collects them in the background."""

    def __init__(self, logs: Path, every: float = _EVERY) -> None:
        self._logs = logs
        self._every = every
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self.counts: dict[str, int] = {}
        self.letters: deque[DeadLetter] = deque(maxlen=_KEPT)

    def watch(self, pubsub: str, project: str, topics: Mapping[str, Mapping[str, str]]) -> None:
        """Starts watching `topics`, each with the subscriptions that give up on its messages: ours by Google's name."""
        watched: dict[str, Mapping[str, str]] = {}
        for topic, subscriptions in topics.items():
            path = f"projects/{project}/subscriptions/console-{topic.rsplit('/', 1)[-1]}"
            call("PUT", pubsub, f"/v1/{path}", {"topic": topic})
            watched[path] = subscriptions
            self.counts |= dict.fromkeys(subscriptions.values(), 0)
        self._thread = threading.Thread(target=self._collect, args=(pubsub, watched), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Watches no more."""
        self._stop.set()
        if self._thread:
            self._thread.join()

    def _collect(self, pubsub: str, watched: Mapping[str, Mapping[str, str]]) -> None:
        while not self._stop.wait(self._every):
            for path, subscriptions in watched.items():
                try:
                    self._pull(pubsub, path, subscriptions)
                except CallFailed:  # the emulator is being restarted, which the page shows beside this
                    continue

    def _pull(self, pubsub: str, path: str, subscriptions: Mapping[str, str]) -> None:
        answer = call("POST", pubsub, f"/v1/{path}:pull", {"maxMessages": 100, "returnImmediately": True})
        received = answer.get("receivedMessages", [])
        for entry in received:
            source = entry["message"].get("attributes", {}).get(_FROM, "").rsplit("/", 1)[-1]
            name = subscriptions.get(source, next(iter(subscriptions.values())))
            self.letters.appendleft(self._letter(entry["message"], name))
            self.counts[name] += 1
        if received:
            call("POST", pubsub, f"/v1/{path}:acknowledge", {"ackIds": [entry["ackId"] for entry in received]})

    def _letter(self, message: dict[str, Any], subscription: str) -> DeadLetter:
        attributes = message.get("attributes", {})
        about = attributes.get("objectId") or base64.b64decode(message.get("data", ""))[:200].decode(errors="replace")
        return DeadLetter(
            subscription=attributes.get(_FROM, subscription).rsplit("/", 1)[-1],
            message=message["messageId"],
            published=message.get("publishTime", ""),
            attempts=attributes.get(_TRIES, ""),
            about=about,
            reason=find_reason(tail(file_of(self._logs, subscription), _LOG_LINES), about),
        )


def find_reason(lines: list[str], about: str) -> str:
    """What the function's log says last of the object: the message of an error that mentions it; empty if none."""
    for line in reversed(lines):
        if about and about in line:
            start = line.find("{")
            try:
                entry = json.loads(line[start:]) if start >= 0 else {}
            except ValueError:
                entry = {}
            if entry.get("severity", "ERROR") in ("ERROR", "WARNING", "CRITICAL"):
                return str(entry.get("message", line.partition(" ")[2]))
    return ""
