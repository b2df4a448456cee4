"""What each step does. It returns what it found, in a few words, and raises Failed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urljoin

import requests

from emulator.errors import CallFailed
from emulator.sample.api import deployment
from sender import Push
from sender.errors import SendError

from .target import Failed, Target

T = TypeVar("T")
_TIMEOUT = 60  # seconds for one request: a container that was asleep takes some of them
_PAUSE = 1.0  # seconds between two looks
_SYNC = b"G"  # what every packet of MPEG-TS begins with
_PIECE = 8 << 20  # bytes; a multiple of 256 KiB


def page(target: Target) -> str:
    """The page and what it is told."""
    target.found = deployment(target.page, target.key)
    answer = _get(target.deployment.page)
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        raise Failed(f"{answer.url} answers {answer.headers.get('Content-Type')}: expected text/html")
    return f"{target.deployment.page}, project {target.deployment.config.get('projectId')}"


def health(target: Target) -> str:
    """The two services that are open to the world."""
    for url in (f"{target.api.url.rstrip('/')}/health", f"{target.deployment.ingest}/health"):
        if (said := _get(url).json().get("status")) != "ok":
            raise Failed(f"{url} says {said!r}: expected 'ok'")
    return "front and ingest answer"


def providers(target: Target) -> str:
    """Every provider says what runs there and that it can be called; one that has no place is named."""
    told: list[str] = []
    wrong: list[str] = []
    listed: list[dict[str, Any]] = target.api.ask("GET", "/providers")["providers"]
    for one in listed:
        name = one["name"]
        if name in ("clip", "owl") and not one["place"]:
            told.append(f"{name} is not set up")
            continue
        try:
            info = _info(target, name)
            target.api.ask("GET", f"/providers/{name}/health")
        except CallFailed as error:
            if "no OWLv2 runs there" in str(error):  # a CLIP service without this second model
                told.append(f"{name} is not set up")
            else:
                wrong.append(str(error))
            continue
        told.append(" ".join(filter(None, (name, info["model"], info["device"]))))
    if wrong:
        raise Failed("; ".join(wrong))
    return ", ".join(told)


def _info(target: Target, name: str) -> dict[str, Any]:
    """What a provider says of itself. A service whose instance was asleep is asked until it is up."""
    deadline = time.monotonic() + target.patience
    while True:
        try:
            return target.api.ask("GET", f"/providers/{name}/info")["provider"]
        except CallFailed as error:
            if "did not answer /info" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(_PAUSE)


def stream(target: Target) -> str:
    """A stream of its own."""
    made = target.api.ask("POST", "/streams", {"id": target.id, "name": "Smoke test"})
    target.stream_key = str(made["key"])
    return target.id


def publish(target: Target) -> str:
    """The clip, in real time, over a WebSocket, as an encoder would send it."""
    url = f"{target.deployment.ingest}/streams/{target.id}"
    push = Push(str(target.clip), url, target.stream_key, websocket=True, seconds=target.seconds)
    push.start()
    try:
        push.join(target.seconds + target.patience)
    except (SendError, TimeoutError) as error:
        push.stop()
        raise Failed(str(error)) from error
    session = _until(target, lambda: _ended(target, set()), "the session's end")
    target.session = session["id"]
    if not session["segments"]:
        raise Failed(f"the session {target.session} ended without a segment: {session['error']}")
    return f"{session['segments']} segments, {session['media_seconds']:.0f} s"


def boxes(target: Target) -> str:
    """Logos or lines of text with boxes."""

    def seen() -> list[dict[str, Any]]:
        return [
            one
            for kind in ("logo", "text")
            for one in _session(target, f"appearances?kind={kind}")["appearances"]
            if one["track"]
        ]

    found = _until(
        target,
        seen,
        "a box on any frame: is a provider set up (`providers` above), and are there brands to look for (`make seed`)",
    )
    return f"{len(found)} appearances: {', '.join(sorted({one['label'] for one in found})[:5])}"


def report(target: Target) -> str:
    """The report of the session."""
    exposure = _session(target, "exposure")["exposure"]
    if not exposure["media_seconds"]:
        raise Failed(f"the report says {exposure['media_seconds']!r} seconds of media: expected what was sent")
    return f"{len(exposure['labels'])} brands in {exposure['media_seconds']:.0f} s"


def cost(target: Target) -> str:
    """What the session cost: it asks the queries that need an index."""
    told = _session(target, "cost")["cost"]
    return f"{told['usd']:.4f} {told['currency']} so far"


def media(target: Target) -> str:
    """A playlist and a segment through a grant, as a player asks for them."""
    grant = target.api.ask("POST", f"/streams/{target.id}/grants")["grant"]
    names = _session(target, "")["session"]
    playlist = urljoin(target.deployment.page, f"{grant['url']}{names['vod'] or names['playlist']}")
    listed = [line for line in _get(playlist).text.splitlines() if line and not line.startswith("#")]
    if not listed:
        raise Failed(f"{names['playlist']} lists no segment")
    asked = requests.get(urljoin(playlist, listed[0]), timeout=_TIMEOUT, allow_redirects=False)
    if asked.status_code != 302:
        raise Failed(
            f"a segment through a grant answers {asked.status_code}: expected a redirect to its signed address"
        )
    data = _get(asked.headers["Location"]).content
    if data[:1] != _SYNC:
        raise Failed(f"the first segment begins with {data[:4]!r}: expected MPEG-TS")
    target.stored = asked.headers["Location"].partition("?")[0]
    return f"{len(listed)} segments listed, the first has {len(data)} bytes"


def grants(target: Target) -> str:
    """A grant that was tampered with opens nothing."""
    grant = target.api.ask("POST", f"/streams/{target.id}/grants")["grant"]["url"].rstrip("/")
    wrong = grant[:-1] + ("0" if grant[-1] != "0" else "1")
    forged = urljoin(target.deployment.page, f"{wrong}/{_session(target, '')['session']['playlist']}")
    answer = requests.get(forged, timeout=_TIMEOUT)
    if answer.status_code not in (401, 403):
        raise Failed(f"a forged grant is answered {answer.status_code}: expected 403")
    return "a forged grant is refused"


def private(target: Target) -> str:
    """An object of the bucket that no signature opens."""
    bare = requests.get(target.stored, timeout=_TIMEOUT)
    if bare.status_code not in (401, 403):
        raise Failed(f"{target.stored} answers {bare.status_code} without a signature: expected 403")
    return "an unsigned object is refused"


def upload(target: Target) -> str:
    """The clip as a file, by a signed upload; a job makes a session of it."""
    data = target.clip.read_bytes()
    before = {one["id"] for one in _sessions(target)}
    wanted = {"name": target.clip.name, "size": len(data), "content_type": "video/mp4"}
    signed = target.api.ask("POST", f"/streams/{target.id}/uploads", wanted)["upload"]
    begun = requests.request(signed["method"], signed["url"], headers=signed["headers"], timeout=_TIMEOUT)
    if begun.status_code not in (200, 201) or "Location" not in begun.headers:
        raise Failed(f"the signed upload was not begun: {begun.status_code} {begun.text[:300]}")
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        at = {"Content-Range": f"bytes {start}-{start + len(piece) - 1}/{len(data)}"}
        answer = requests.put(begun.headers["Location"], data=piece, headers=at, timeout=_TIMEOUT)
        expected = (308,) if start + len(piece) < len(data) else (200, 201)
        if answer.status_code not in expected:
            raise Failed(f"bytes {start} and on were refused: {answer.status_code} {answer.text[:300]}")
    session = _until(target, lambda: _ended(target, before), f"the import of {signed['object']}")
    if session["error"]:
        raise Failed(f"the import failed: {session['error']}")
    return f"{len(data) / 1e6:.0f} MB became {session['segments']} segments"


def clean_up(target: Target) -> str:
    """The stream goes, and everything of it."""
    deadline = time.monotonic() + target.patience
    while target.api.ask("DELETE", f"/streams/{target.id}"):  # an answer says that there is more to delete
        if time.monotonic() > deadline:
            raise Failed(f"{target.id} was not deleted within {target.patience:.0f} s: delete it on the page")
        time.sleep(_PAUSE)
    try:
        target.api.ask("GET", f"/streams/{target.id}")
    except CallFailed as error:
        if error.status == 404:
            return f"{target.id} is gone"
        raise
    raise Failed(f"{target.id} is still there after it was deleted")


def _get(url: str) -> requests.Response:
    answer = requests.get(url, timeout=_TIMEOUT)
    if answer.status_code != 200:
        raise Failed(f"{url} answers {answer.status_code}: {answer.text[:300]}")
    return answer


def _sessions(target: Target) -> list[dict[str, Any]]:
    return target.api.ask("GET", f"/streams/{target.id}/sessions")["sessions"]


def _ended(target: Target, known: set[str]) -> dict[str, Any] | None:
    return next((one for one in _sessions(target) if one["id"] not in known and one["ended"]), None)


def _session(target: Target, path: str) -> dict[str, Any]:
    path = f"/streams/{target.id}/sessions/{target.session}/{path}".rstrip("/")
    return target.api.ask("GET", path)


def _until(target: Target, look: Callable[[], T | None], what: str) -> T:
    """The first truthy answer. Raises Failed after the target's patience."""
    deadline = time.monotonic() + target.patience
    while not (answer := look()):
        if time.monotonic() > deadline:
            raise Failed(f"{what} did not come within {target.patience:.0f} s")
        time.sleep(_PAUSE)
    return answer
