"""The Python client on the running stack: the examples of its README, and its command line."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest

from emulator.sample.demo.session import Run
from media_analyzer import Client, MediaAnalyzerError
from media_analyzer.__main__ import main

pytestmark = pytest.mark.stack
ROOT = Path(__file__).parents[3]
PAGES = (ROOT / "runner" / "media_analyzer" / "README.md", ROOT / "docs" / "video-intelligence.md")
EXAMPLES = {
    f"{page.stem}-{number}": example
    for page in PAGES
    for number, example in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(), re.S))
}
STREAM = "from-python"


@pytest.fixture(autouse=True)
def deployment(stack: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDIA_ANALYZER_URL", stack.web)
    monkeypatch.setenv("MEDIA_ANALYZER_KEY", stack.admin_key)


@pytest.fixture
def client(stack: Any) -> Iterator[Client]:
    with Client(stack.web, stack.admin_key) as client:
        yield client


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 4


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_of_the_docs_runs(
    stack: Any,
    sample_run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    with Client(stack.web, stack.admin_key) as client:
        session = client.stream(sample_run.stream)["session"]
    monkeypatch.chdir(tmp_path)
    exec(EXAMPLES[name], {"URL": stack.web, "KEY": stack.admin_key, "STREAM": sample_run.stream, "SESSION": session})
    assert "Nike" in capsys.readouterr().out


def test_reports_of_the_command_line_say_the_same(sample_run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    def said(format: str) -> str:
        assert main(["report", sample_run.stream, "--format", format]) == 0
        return capsys.readouterr().out

    labels = {one["label"]: one for one in json.loads(said("json"))["labels"]}
    assert labels["Nike"]["seconds"] > 0
    table = {re.split(r"\s{2,}", line)[0]: re.split(r"\s{2,}", line)[1] for line in said("table").splitlines()[1:]}
    assert table == {label: f"{one['seconds']:.1f}" for label, one in labels.items()}
    assert {line.split(",")[0] for line in said("csv").splitlines()[1:]} >= {"Nike"}


def test_a_clip_is_cut_and_fetched_by_the_command_line(
    sample_run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "clip.mp4"
    assert main(["clip", sample_run.stream, "--from", "2", "--to", "5", "--output", str(file)]) == 0
    assert capsys.readouterr().out == f"{file}\n"
    with av.open(str(file)) as clip:
        assert 3 <= (clip.duration or 0) / av.time_base < 8
    assert main(["clip", sample_run.stream, "--from", "5", "--to", "2"]) == 1
    assert "400: 'to' must be later than 'from'" in capsys.readouterr().err


def test_what_is_pushed_is_seen_by_one_who_watches(
    client: Client, clip: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client.create_stream(STREAM)
    try:
        status: list[int] = []
        push = threading.Thread(target=lambda: status.append(main(["push", str(clip), STREAM, "--seconds", "6"])))
        push.start()
        seen = [one for one in client.watch(STREAM) if one.kind == "logo"]
        push.join()
        assert status == [0]
        [session] = client.sessions(STREAM)
        stored = {
            (frame["time"], found["label"])
            for frame in client.frames(STREAM, session["id"])
            for found in frame["analyses"]["logo"]["detections"]
        }
        assert {(one.time, found["label"]) for one in seen for found in one.analysis["detections"]} == stored
        assert stored
        assert client.captions(STREAM, session["id"]).startswith("WEBVTT")
    finally:
        client.delete_stream(STREAM)
    with pytest.raises(MediaAnalyzerError, match="404"):
        client.stream(STREAM)
