"""What `make smoke` says of steps that fail, and that it cleans up whatever happened."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from tests.smoke import checks
from tests.smoke.__main__ import main, run
from tests.smoke.steps import CLEAN_UP, STEPS, Step
from tests.smoke.target import Failed, Target

from emulator.errors import CallFailed

ROOT = Path(__file__).parents[3]


class Deployed(ThreadingHTTPServer):
    """Answers each path with what `says` has for it: a status, and JSON or a page."""

    daemon_threads = True

    def __init__(self) -> None:
        self.says: dict[str, tuple[int, Any]] = {}
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, said = double.says.get(self.path, (404, {"detail": f"no {self.path}"}))
                if status == 302:
                    self.send_response(status)
                    self.send_header("Location", str(said))
                    self.end_headers()
                    return
                page = isinstance(said, str)
                data = said.encode() if page else json.dumps(said).encode()
                self.send_response(status)
                self.send_header("Content-Type", "text/html" if page else "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

            def log_message(self, format: str, *args: object) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"
        self.says["/"] = (200, "<!doctype html>")
        self.says["/config.json"] = (200, {"apiUrl": "/api", "ingestUrl": f"{self.url}ingest", "projectId": "acme"})
        threading.Thread(target=self.serve_forever, daemon=True).start()


@pytest.fixture
def deployed() -> Iterator[Deployed]:
    running = Deployed()
    yield running
    running.shutdown()
    running.server_close()


@pytest.fixture
def target(deployed: Deployed) -> Target:
    return Target(deployed.url, "the-admin-key", Path("clip.mp4"), patience=0.0)


@pytest.fixture
def output(capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    return lambda: capsys.readouterr().out


def failing(_: Target) -> str:
    raise Failed("nothing came")


def step(name: str, check: Callable[[Target], str], *needs: str) -> Step:
    return Step(name, check, needs, 'resource.labels.service_name=~"-front$"', ("front",), "docs/operations.md#health")


def test_a_failure_says_what_where_and_what_to_read_and_what_builds_on_it_is_skipped(
    target: Target, output: Callable[[], str]
) -> None:
    ran: list[str] = []
    steps = (
        step("page", checks.page),
        step("one", failing, "page"),
        step("two", lambda _: ran.append("two") or "", "one"),
        step("three", lambda _: "fine", "page"),
    )
    assert run(target, steps, step("last", lambda _: ran.append("last") or "")) == 1
    told = output()
    assert "✗  one        nothing came" in told
    assert "https://console.cloud.google.com/logs/query;query=resource.labels.service_name" in told
    assert "?project=acme" in told
    assert "docs/operations.md#health" in told
    assert "–  two        skipped: one did not pass" in told
    assert "✓  three      fine" in told
    assert told.rstrip().endswith("failed: one")
    assert ran == ["last"]


def test_what_was_made_is_deleted_even_where_a_step_breaks(target: Target) -> None:
    def breaks(_: Target) -> str:
        raise KeyboardInterrupt

    ran: list[str] = []
    with pytest.raises(KeyboardInterrupt):
        run(target, (step("one", breaks),), step("last", lambda _: ran.append("last") or ""))
    assert ran == ["last"]


def test_an_address_that_is_no_page_of_ours_is_said(target: Target, deployed: Deployed) -> None:
    deployed.says["/config.json"] = (200, "<!doctype html>")
    with pytest.raises(CallFailed, match="is not a page of this project: expected JSON with apiUrl and ingestUrl"):
        checks.page(target)


def test_each_provider_is_asked_and_each_that_fails_is_named(target: Target, deployed: Deployed) -> None:
    checks.page(target)
    one = {"place": None, "model": "m", "device": None}
    listed = [one | {"name": "vision"}, one | {"name": "gallery"}, one | {"name": "clip"}]
    deployed.says["/api/providers"] = (200, {"providers": listed})
    for name in ("vision", "gallery"):
        deployed.says[f"/api/providers/{name}/info"] = (200, {"provider": one | {"name": name}})
        deployed.says[f"/api/providers/{name}/health"] = (200, {"status": "ok"})
    assert checks.providers(target) == "vision m, gallery m, clip is not set up"
    deployed.says["/api/providers/vision/health"] = (503, {"detail": "vision is left alone for now"})
    with pytest.raises(Failed, match=r"/providers/vision/health: 503 vision is left alone for now$"):
        checks.providers(target)
    second = one | {"name": "owl", "place": "https://clip.test"}
    deployed.says["/api/providers"] = (200, {"providers": [second]})
    deployed.says["/api/providers/owl/info"] = (503, {"detail": "no OWLv2 runs there: OWL_MODEL names one"})
    assert checks.providers(target) == "owl is not set up"
    deployed.says["/api/providers"] = (200, {"providers": [listed[2] | {"place": "https://clip.test"}]})
    with pytest.raises(Failed, match="/providers/clip/info: 404"):
        checks.providers(target)


def test_a_service_that_is_unwell_fails_health(target: Target, deployed: Deployed) -> None:
    checks.page(target)
    deployed.says["/api/health"] = (200, {"status": "ok"})
    deployed.says["/ingest/health"] = (503, {"status": "starting"})
    with pytest.raises(Failed, match="/ingest/health answers 503"):
        checks.health(target)


SEGMENT = "segments/S/s/00000000.ts"


@pytest.fixture
def granted(target: Target, deployed: Deployed) -> Target:
    """A session whose playlist and one segment a grant opens, and nothing else does."""
    checks.page(target)
    target.session = "s"
    api = f"/api/streams/{target.id}"
    deployed.says[f"{api}/grants"] = (201, {"grant": {"url": "/m/grant-1/"}})
    playlist = f"playlists/{target.id}/s/index.m3u8"
    deployed.says[f"{api}/sessions/s"] = (200, {"session": {"playlist": playlist, "vod": None}})
    deployed.says[f"/m/grant-1/{playlist}"] = (200, f"#EXTM3U\n#EXTINF:2,\n../../../{SEGMENT}\n")
    deployed.says[f"/m/grant-1/{SEGMENT}"] = (302, f"{deployed.url}bucket/{SEGMENT}?X-Goog-Signature=1")
    deployed.says[f"/bucket/{SEGMENT}?X-Goog-Signature=1"] = (200, "G and more of a segment")
    deployed.says[f"/bucket/{SEGMENT}"] = (403, {"detail": "no"})
    deployed.says[f"/m/grant-0/{playlist}"] = (403, {"detail": "no"})
    return target


def test_a_playlist_and_a_segment_are_read_through_a_grant_and_a_forged_one_is_refused(granted: Target) -> None:
    assert checks.media(granted) == "1 segments listed, the first has 23 bytes"
    assert checks.grants(granted) == "a forged grant is refused"


def test_a_segment_that_is_public_fails(granted: Target, deployed: Deployed) -> None:
    checks.media(granted)
    assert checks.private(granted) == "an unsigned object is refused"
    deployed.says[f"/bucket/{SEGMENT}"] = (200, "G")
    with pytest.raises(Failed, match="answers 200 without a signature: expected 403"):
        checks.private(granted)


def test_a_forged_grant_that_opens_something_fails(granted: Target, deployed: Deployed) -> None:
    deployed.says[f"/m/grant-0/playlists/{granted.id}/s/index.m3u8"] = (200, "#EXTM3U")
    with pytest.raises(Failed, match="a forged grant is answered 200: expected 403"):
        checks.grants(granted)


def test_a_segment_that_is_no_segment_fails(granted: Target, deployed: Deployed) -> None:
    deployed.says[f"/bucket/{SEGMENT}?X-Goog-Signature=1"] = (200, "<Error>")
    with pytest.raises(Failed, match="begins with b'<Err': expected MPEG-TS"):
        checks.media(granted)


def test_boxes_that_do_not_come_fail_with_what_may_be_missing(target: Target, deployed: Deployed) -> None:
    checks.page(target)
    target.session = "s"
    for kind in ("logo", "text"):
        path = f"/api/streams/{target.id}/sessions/s/appearances?kind={kind}"
        deployed.says[path] = (200, {"appearances": [{"label": "somewhere", "track": []}]})
    with pytest.raises(Failed, match=r"a box on any frame: is a provider set up .* did not come within 0 s"):
        checks.boxes(target)


def test_without_a_key_nothing_is_asked(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch, output: Callable[[], str]
) -> None:
    monkeypatch.delenv("ADMIN_KEY", raising=False)
    assert main([deployed.url]) == 2
    assert "ADMIN_KEY is not set" in output()


@pytest.mark.parametrize("one", [*STEPS, CLEAN_UP], ids=lambda one: one.name)
def test_each_step_sends_to_a_heading_that_there_is_and_needs_steps_that_there_are(one: Step) -> None:
    file, _, anchor = one.guide.partition("#")
    headings = re.findall(r"^#+ (.+)$", (ROOT / file).read_text(), re.M)
    assert anchor in {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
    assert set(one.needs) <= {step.name for step in STEPS}


def test_a_local_stack_is_looked_at_on_this_machine(target: Target, deployed: Deployed) -> None:
    checks.page(target)
    target.found = replace(target.deployment, config={"firestoreEmulator": "127.0.0.1:1"})
    assert target.logs("a query", ("front", "detect")) == (
        "python local-emulator logs front; python local-emulator logs detect"
    )
