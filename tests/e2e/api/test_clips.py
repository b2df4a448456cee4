"""Clips of the sample clip after its way through the whole stack: which frames they show, by the burnt-in time code."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from urllib.request import Request, urlopen

import av
import numpy as np
import pytest
from tests.e2e.helpers.person import signed_in
from tests.e2e.helpers.tracked import tracked
from tests.wait import until

from emulator.sample import streams
from emulator.sample.demo.session import Run
from emulator.sample.media.timecode import TimeCode

pytestmark = [pytest.mark.stack, pytest.mark.browser]
PLAYED = """video => new Promise((go, fail) => {
    video.addEventListener('error', () => fail(new Error(video.error.message)))
    video.addEventListener('timeupdate', () => video.currentTime > 0.2 && go())
    video.muted = true
    video.play()
})"""
_SECONDS = 240.0  # until something is taken not to happen


class Asking:
    """Asks the API about the sample clip's session."""

    def __init__(self, stack: Any, stream: str) -> None:
        self.stack, self.stream = stack, stream
        self.session = self("GET", f"/streams/{stream}/sessions")["sessions"][0]["id"]
        self.at = f"/streams/{stream}/sessions/{self.session}"

    def __call__(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self.stack.admin_key}", "Content-Type": "application/json"}
        request = Request(f"{self.stack.api.rstrip('/')}{path}", data, headers, method=method)
        with urlopen(request, timeout=60) as response:
            text = response.read().decode()
        return json.loads(text) if text else None

    def begun(self, **asked: Any) -> str:
        """Asks for a clip; its id."""
        return self("POST", f"{self.at}/clips", asked)["clip"]["id"]

    def made(self, clip: str, path: Path) -> dict[str, Any]:
        """Waits until a clip is made, and reads it to `path`."""

        def ended() -> dict[str, Any] | None:
            found = self("GET", f"/streams/{self.stream}/clips/{clip}")["clip"]
            return found if found["state"] in ("done", "error") else None

        made = until(ended, _SECONDS, lambda: f"clip {clip}")
        assert (made["state"], made["error"]) == ("done", None)
        grant = self("POST", f"/streams/{self.stream}/grants")["grant"]["url"]
        with urlopen(urljoin(self.stack.web, f"{grant}{made['object']}"), timeout=60) as response:
            path.write_bytes(response.read())
        assert path.stat().st_size == made["size"]
        return made


@pytest.fixture(scope="module")
def ask(stack: Any, sample_run: Run) -> Asking:
    assert (sample_run.errors, sample_run.ledger.missing()) == ([], [])
    assert tracked(sample_run.stream) > 0
    return Asking(stack, sample_run.stream)


def numbers(path: Path, truth: Mapping[str, Any]) -> list[int | None]:
    """The number that is burnt into each frame."""
    code = TimeCode(**truth["timecode"])
    with av.open(str(path)) as container:
        return [code.read(np.asarray(frame.to_ndarray(format="gray"), np.uint8)) for frame in container.decode(video=0)]


def probed(path: Path) -> dict[str, Any]:
    """The file as ffprobe has it, without a word of complaint."""
    command = ["ffprobe", "-v", "error", "-of", "json", "-show_chapters", "-show_format", "-show_streams", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_a_reel_of_a_brand_has_its_frames_and_chapters_and_plays(
    ask: Asking, truth: dict[str, Any], tmp_path: Path, browser: Any, stack: Any
) -> None:
    fps, label = truth["fps"], "Nike"
    really = sorted((one["from"], one["to"]) for one in truth["appearances"] if one["label"] == label)
    path = tmp_path / "reel.mp4"
    made = ask.made(ask.begun(label=label, cut="exact"), path)
    spans = [(one["media_time"], one["media_time"] + one["end"] - one["start"]) for one in made["chapters"]]
    chapters = [float(one["end_time"]) - float(one["start_time"]) for one in probed(path)["chapters"]]
    assert [round(seconds * fps) for seconds in chapters] == [round((end - start) * fps) for start, end in spans]
    wanted = [number for start, end in spans for number in range(round(start * fps), round(end * fps))]
    assert numbers(path, truth) == wanted
    assert [time for span in spans for time in span] == pytest.approx(
        [time for span in really for time in span], abs=3 / fps
    )
    context = browser.new_context()
    try:
        signed_in(context, stack)  # the stream is private
        page = context.new_page()
        page.goto(f"{streams.page(stack, ask.stream)}&clips")
        page.locator(f'video[aria-label="Reel of {label}"]').first.evaluate(PLAYED)  # the newest
    finally:
        context.close()


def test_what_is_copied_begins_and_ends_at_keyframes(ask: Asking, truth: dict[str, Any], tmp_path: Path) -> None:
    fps, path = truth["fps"], tmp_path / "clip.mp4"
    made = ask.made(ask.begun(**{"from": 7.2, "to": 12.6}), path)
    [chapter] = made["chapters"]
    first, count = round(chapter["media_time"] * fps), round(made["duration"] * fps)
    assert first <= 7.2 * fps < 12.6 * fps <= first + count
    assert numbers(path, truth) == list(range(first, first + count))
    assert {one["codec_name"] for one in probed(path)["streams"]} == {"h264", "aac"}
