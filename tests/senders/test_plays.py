"""Chromium plays to the end what peers' players give up at: the recording of each, served from memory."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.senders.inputs import AAC, PICTURE, TONE, X264, ffmpeg
from tests.senders.oracle import Found, live, uploaded

HLS_JS = (Path(__file__).parents[2] / "web/node_modules/hls.js/dist/hls.min.js").read_text()
PLAY = """() => {
    const video = document.querySelector("video"), hls = new Hls({enableWorker: false});
    video.playbackRate = 4;
    hls.loadSource("/vod.m3u8");
    hls.attachMedia(video);
    video.play();
}"""
OVER = "() => { const video = document.querySelector('video'); return video.ended || !!video.error }"


@contextmanager
def served(found: Found) -> Iterator[str]:
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-TARGETDURATION:12", "#EXT-X-PLAYLIST-TYPE:VOD"]
    for number, one in enumerate(found.segments):
        lines += ["#EXT-X-DISCONTINUITY"] * one.segment.discontinuity
        lines += [f"#EXTINF:{one.segment.duration:.6f},", f"{number}.ts"]
    bodies = {f"/{number}.ts": one.data for number, one in enumerate(found.segments)}
    bodies["/vod.m3u8"] = "\n".join([*lines, "#EXT-X-ENDLIST", ""]).encode()
    bodies["/"] = f"<!doctype html><video muted></video><script>{HLS_JS}</script>".encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html" if self.path == "/" else "application/octet-stream")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def advertisement() -> Found:
    """Stereo, then 5.1, on the same PID."""
    parts = [
        ffmpeg("a.ts", *PICTURE, *TONE, "-t", "4", *X264, *AAC, "-ac", channels, "-output_ts_offset", start)
        for channels, start in (("2", "0"), ("6", "4"))
    ]
    return live(b"".join(parts))


def still_screen() -> Found:
    """A recording in which nothing moves for 14 s."""
    still = ("-vf", "select='lt(t,2)+gte(t,16)'", "-vsync", "vfr")
    return uploaded(ffmpeg("a.mp4", *PICTURE, *TONE, "-t", "18", *still, *X264, *AAC))


@pytest.mark.parametrize(("made", "seconds"), [(advertisement, 8), (still_screen, 18)])
def test_it_plays_to_its_end(browser: Any, made: Any, seconds: float) -> None:
    with served(made()) as url:
        page = browser.new_page()
        page.goto(url)
        page.evaluate(PLAY)
        page.wait_for_function(OVER, timeout=60_000)
        error = page.evaluate("document.querySelector('video').error?.message ?? null")
        at = page.evaluate("document.querySelector('video').currentTime")
        page.close()
    assert error is None
    assert at == pytest.approx(seconds, abs=0.3)
