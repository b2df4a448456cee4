"""A player that is not ours: hls.js's full build, as its users take it, in a page with nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from emulator.sample import streams

_HLS = Path(__file__).parents[3] / "web" / "node_modules" / "hls.js" / "dist" / "hls.min.js"
_PAGE = b"<!doctype html><title>bare</title><video muted></video><script src=hls.js></script>"
_LOADS = """(url) => {
    window.errors = []
    window.hls = new Hls()
    hls.on(Hls.Events.ERROR, (_, { details, fatal }) => errors.push(`${details}${fatal ? ' (fatal)' : ''}`))
    hls.loadSource(url)
    hls.attachMedia(document.querySelector('video'))
    document.querySelector('video').play().catch(({ message }) => errors.push(message))
}"""
_CAPTIONS = """() => new Promise((go, fail) => {
    const look = () => {
        const [track] = document.querySelector('video').textTracks
        const found = [...track?.cues ?? []].map(({ startTime, endTime, text }) => ({ startTime, endTime, text }))
        if (found.length) go(found)
    }
    setInterval(look, 100)
    setTimeout(() => fail(new Error(`no captions; ${errors}`)), 60000)
})"""
_RANGES = """() => new Promise((go, fail) => {
    const look = () => {
        const ranges = Object.values(hls.levels[hls.loadLevel]?.details?.dateRanges ?? {})
        if (ranges.length) go(ranges.map(({ id, class: kind, duration, startTime, attr }) =>
            ({ id, kind, duration, startTime, label: attr['X-LABEL'] })))
    }
    setInterval(look, 100)
    setTimeout(() => fail(new Error(`no date ranges; ${errors}`)), 60000)
})"""


class OtherPlayer:
    """It plays. Times are its own: seconds from the beginning of the session."""

    def __init__(self, page: Any) -> None:
        self._page = page

    def captions(self) -> list[dict[str, Any]]:
        """The cues of its text track, once there are any."""
        return self._page.evaluate(_CAPTIONS)

    def appearances(self) -> list[dict[str, Any]]:
        """The date ranges that it has read."""
        return self._page.evaluate(_RANGES)


class _Site(BaseHTTPRequestHandler):
    """A site of others: another origin than the deployment's."""

    def do_GET(self) -> None:
        script = self.path == "/hls.js"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.end_headers()
        self.wfile.write(_HLS.read_bytes() if script else _PAGE)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def playing(stack: Any, browser: Any, stream: str) -> Iterator[OtherPlayer]:
    """The recording of the stream's newest session, by a grant, in a page of another site."""
    grant = streams.ask(stack, "POST", f"/streams/{stream}/grants")["grant"]["url"]
    session = streams.ask(stack, "GET", f"/streams/{stream}")["stream"]["session"]
    site = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=site.serve_forever, args=(0.05,), daemon=True).start()
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{site.server_port}/")
        page.evaluate(_LOADS, urljoin(stack.web, f"{grant}playlists/{stream}/{session}/main-vod.m3u8"))
        yield OtherPlayer(page)
    finally:
        context.close()
        site.shutdown()
        site.server_close()
