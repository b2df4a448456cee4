"""What a page of another origin may do, in Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from google.cloud import storage
from tests import owner
from tests.contract.gcs.emulators import Emulator, signing_client

pytestmark = pytest.mark.browser

FETCH = """async ([url, headers]) => {
  try {
    const response = await fetch(url, {headers});
    return [response.status, await response.text(), response.headers.get('content-range')];
  } catch (error) { return String(error); }
}"""
UPLOAD = """async ([url, type, text]) => {
  const start = await fetch(url, {method: 'POST', headers: {'x-goog-resumable': 'start', 'content-type': type}});
  const session = start.headers.get('location');
  const half = 262144, whole = new Blob([text]);
  const put = (body, range) => fetch(session, {method: 'PUT', body, headers: {'content-range': range}});
  const first = await put(whole.slice(0, half), `bytes 0-${half - 1}/${whole.size}`);
  const second = await put(whole.slice(half), `bytes ${half}-${whole.size - 1}/${whole.size}`);
  return [start.status, first.status, first.headers.get('range'), second.status];
}"""


class Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Blank) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def page(browser: Any, origin: str) -> Iterator[Any]:
    page = browser.new_page()
    page.goto(origin)
    yield page
    page.close()


def test_a_page_reads_a_range_where_the_bucket_lets_it(
    emulator: Emulator, bucket: storage.Bucket, page: Any, origin: str
) -> None:
    bucket.blob("segments/a.ts").upload_from_string(b"0123456789")
    wanted = [f"{emulator.url}/{bucket.name}/segments/a.ts", {"Range": "bytes=2-4", "X-Custom": "1", **owner.HEADERS}]
    assert "Failed to fetch" in page.evaluate(FETCH, wanted)
    bucket.cors = [
        {
            "origin": [origin],
            "method": ["GET"],
            "responseHeader": ["Authorization", "Range", "X-Custom", "Content-Range"],
        }
    ]
    bucket.patch()
    assert page.evaluate(FETCH, wanted) == [206, "234", "bytes 2-4/10"]
    bucket.cors = [{"origin": [origin], "method": ["GET"], "responseHeader": ["Authorization", "Range"]}]
    bucket.patch()
    wanted[0] = str(wanted[0]) + "?again"  # the earlier preflight is cached by address
    assert "Failed to fetch" in page.evaluate(FETCH, wanted)


def test_a_page_uploads_by_a_signed_resumable_session(
    emulator: Emulator, bucket: storage.Bucket, page: Any, origin: str
) -> None:
    exposed = ["Content-Type", "x-goog-resumable", "Location", "Range", "Content-Range"]
    bucket.cors = [{"origin": [origin], "method": ["POST", "PUT"], "responseHeader": exposed}]
    bucket.patch()
    blob = signing_client(emulator.url).bucket(bucket.name).blob("uploads/live/a film.mp4")
    url = blob.generate_signed_url(
        version="v4", method="RESUMABLE", expiration=timedelta(minutes=5), content_type="video/mp4"
    )
    text = "film" * 100_000
    assert page.evaluate(UPLOAD, [url, "video/mp4", text]) == [201, 308, "bytes=0-262143", 200]
    stored = bucket.get_blob(blob.name)
    assert (stored.content_type, stored.download_as_text()) == ("video/mp4", text)
