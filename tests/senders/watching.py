"""Chromium plays recordings to their ends: they are served from memory, and many play at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.senders.oracle import Found

HLS_JS = (Path(__file__).parents[2] / "web/node_modules/hls.js/dist/hls.min.js").read_text()
PLAY = """([folders, rate]) => Promise.all(folders.map((folder) => new Promise((done) => {
    const video = document.body.appendChild(document.createElement("video")), hls = new Hls({enableWorker: false});
    const end = (error) => {
        done([error ?? video.error?.message ?? null, video.currentTime]);
        hls.destroy();
        video.remove();
    };
    video.muted = true;
    video.playbackRate = rate;
    video.onended = () => end();
    video.onerror = () => end();
    hls.on(Hls.Events.ERROR, (_, {fatal, details}) => fatal && end(video.error?.message ?? details));
    hls.loadSource(`${folder}/vod.m3u8`);
    hls.attachMedia(video);
    video.play();
})))"""
AT_ONCE = 16  # Chromium keeps some 75 players


def played(browser: Any, recordings: Mapping[str, Found], rate: float = 8) -> dict[str, tuple[str | None, float]]:
    """Of each recording: why it stopped before its end, and at what second it stopped."""
    ends: list[tuple[str | None, float]] = []
    with _served([_files(found) for found in recordings.values()]) as url:
        page = browser.new_page()
        page.goto(url)
        for first in range(0, len(recordings), AT_ONCE):
            folders = [*range(first, min(first + AT_ONCE, len(recordings)))]
            ends += [(error, at) for error, at in page.evaluate(PLAY, [folders, rate])]
        page.close()
    return dict(zip(recordings, ends, strict=True))


def _files(found: Found) -> dict[str, bytes]:
    lines = ["#EXTM3U", "#EXT-X-VERSION:6", "#EXT-X-TARGETDURATION:12", "#EXT-X-PLAYLIST-TYPE:VOD"]
    for number, one in enumerate(found.segments):
        lines += ["#EXT-X-DISCONTINUITY"] * one.segment.discontinuity
        lines += [f"#EXTINF:{one.segment.duration:.6f},", f"{number}.ts"]
    files = {f"{number}.ts": one.data for number, one in enumerate(found.segments)}
    return files | {"vod.m3u8": "\n".join([*lines, "#EXT-X-ENDLIST", ""]).encode()}


@contextmanager
def _served(folders: Sequence[Mapping[str, bytes]]) -> Iterator[str]:
    bodies = {f"/{number}/{file}": data for number, files in enumerate(folders) for file, data in files.items()}
    bodies["/"] = f"<!doctype html><body><script>{HLS_JS}</script>".encode()

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
