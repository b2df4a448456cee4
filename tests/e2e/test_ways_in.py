"""Debian's ffmpeg over HTTP, HLS and RTMP: each seen in Chromium, with what was found drawn on its frames."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.helpers.person import signed_in
from tests.e2e.helpers.shown import WITH_RESULTS
from tests.wait import until

from emulator.paths import stack_paths
from emulator.sample import streams

pytestmark = [pytest.mark.stack, pytest.mark.browser]
KEYS: list[str] = []  # of the streams that were sent


def over_http(stack: Any, stream: str, key: str) -> list[str]:
    header = f"Authorization: Bearer {key}\r\n"
    return ["-f", "mpegts", "-method", "POST", "-headers", header, streams.address(stack, stream)]


def over_hls(stack: Any, stream: str, key: str) -> list[str]:
    options = ["-f", "hls", "-hls_time", "2", "-hls_list_size", "4", "-hls_flags", "delete_segments"]
    header = f"Authorization: Bearer {key}\r\n"
    return [*options, "-method", "PUT", "-headers", header, f"{streams.address(stack, stream)}/live.m3u8"]


def over_rtmp(stack: Any, stream: str, key: str) -> list[str]:
    assert stack.rtmp, "nginx with its RTMP module is missing (local-emulator/setup.sh test)"
    return ["-f", "flv", f"{stack.rtmp}/{stream}?key={key}"]


@contextmanager
def sending(clip: Path, output: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """The clip in a loop, in real time, its packets copied."""
    command = ["ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", str(clip), "-c", "copy", *output]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize("way", [over_http, over_hls, over_rtmp])
def test_what_ffmpeg_sends_is_seen_with_what_is_on_it(
    stack: Any, browser: Any, clip: Path, truth: dict[str, Any], way: Any
) -> None:
    stream = way.__name__.replace("_", "-")
    key = streams.recreate(stack, stream, f"ffmpeg {stream}")
    KEYS.append(key)
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    signed_in(context, stack)
    try:
        with sending(clip, way(stack, stream, key)) as sender:
            page = context.new_page()
            page.goto(streams.page(stack, stream))
            labels = page.evaluate(WITH_RESULTS)
            assert sender.poll() is None
        assert set(labels) <= {seen["label"] for seen in truth["appearances"]}
    finally:
        context.close()


def test_no_key_is_in_an_address_that_the_platform_logs(stack: Any, browser: Any) -> None:
    assert len(KEYS) == 3
    logs = stack_paths(f"test-{os.getpid()}").logs

    def requested() -> set[str]:
        lines = "".join(path.read_text() for path in logs.glob("cloud-run.log*"))
        return set(re.findall(r'"requestUrl":"[^"]*/streams/(over-[a-z]+)', lines))

    # A WebSocket is logged once it has ended.
    until(
        lambda: requested() == {"over-http", "over-hls", "over-rtmp"}, 60, lambda: f"more requests than {requested()}"
    )
    everything = "".join(path.read_text(errors="replace") for path in logs.glob("*.log*"))
    assert [key for key in KEYS if key in everything] == []
