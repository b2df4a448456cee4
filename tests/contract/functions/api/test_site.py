"""The page, served by front out of a private bucket."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from google.cloud import storage
from tests.contract.functions.world import World

from front import headers
from front import site as served
from front.settings import front

HTML = b"<!doctype html><title>one</title>"


@pytest.fixture
def bucket(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[storage.Bucket]:
    """The bucket of the page's files, empty; nothing is remembered of it."""
    found = world.bucket.client.bucket("site")
    for blob in list(found.list_blobs(versions=True)):
        blob.delete()
    fresh(monkeypatch, found)
    yield found


def fresh(monkeypatch: pytest.MonkeyPatch, bucket: storage.Bucket, **options: Any) -> None:
    """As a new instance of front sees it, which looks at the bucket at each request."""
    monkeypatch.setattr(served, "_FRESH", 0.0)
    monkeypatch.setattr(served, "_files", served.Files(lambda: bucket, **options))


def put(bucket: storage.Bucket, name: str, data: bytes, content_type: str = "text/html; charset=utf-8") -> None:
    bucket.blob(name).upload_from_string(data, content_type=content_type)


def get(world: World, path: str, **headers: str) -> Any:
    return world.front.test_client().get(path, headers={name.replace("_", "-"): text for name, text in headers.items()})


def test_the_page_is_at_the_root_and_is_asked_for_again_each_time(world: World, bucket: storage.Bucket) -> None:
    put(bucket, "index.html", HTML)
    first = get(world, "/")
    assert (first.status_code, first.get_data()) == (200, HTML)
    assert first.content_type == "text/html; charset=utf-8"
    assert first.headers["Cache-Control"] == "no-cache"
    again = get(world, "/?stream=studio", If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.get_data()) == (304, b"")
    put(bucket, "index.html", b"another")
    assert get(world, "/index.html", If_None_Match=first.headers["ETag"]).get_data() == b"another"


def test_hashed_files_are_kept_for_ever(world: World, bucket: storage.Bucket) -> None:
    put(bucket, "assets/index-1a2b.js", b"run()", "text/javascript; charset=utf-8")
    response = get(world, "/assets/index-1a2b.js")
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.content_type == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip", "gzip"), ("identity", None), ("", None)],
)
def test_a_browser_is_served_what_it_takes(
    world: World, bucket: storage.Bucket, accepted: str, encoding: str | None
) -> None:
    put(bucket, "index.html", HTML)
    put(bucket, "index.html.br", b"brotli", "application/octet-stream")
    put(bucket, "index.html.gz", gzip.compress(HTML), "application/octet-stream")
    response = get(world, "/", Accept_Encoding=accepted)
    assert response.headers.get("Content-Encoding") == encoding
    assert "Accept-Encoding" in response.headers["Vary"]
    assert response.content_type == "text/html; charset=utf-8"
    expected = {"br": b"brotli", "gzip": gzip.compress(HTML), None: HTML}[encoding]
    assert response.get_data() == expected


def test_each_encoding_has_an_etag_of_its_own(world: World, bucket: storage.Bucket) -> None:
    put(bucket, "index.html", HTML)
    put(bucket, "index.html.br", b"brotli", "application/octet-stream")
    assert get(world, "/", Accept_Encoding="br").headers["ETag"] != get(world, "/").headers["ETag"]


@pytest.mark.parametrize(
    "path", ["/nothing.js", "/..%2fmedia%2fa", "/assets/", "/a//b", "/.env", "/%00", "/a%0ab", "/" + "a" * 300]
)
def test_what_is_no_file_of_the_page_is_not_found(world: World, bucket: storage.Bucket, path: str) -> None:
    put(bucket, "index.html", HTML)
    response = get(world, path)
    assert (response.status_code, response.content_type) == (404, "application/problem+json")


def test_names_that_are_nowhere_cost_one_listing_in_five_seconds(
    world: World, bucket: storage.Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed: list[None] = []
    real = bucket.list_blobs
    monkeypatch.setattr(bucket, "list_blobs", lambda **options: listed.append(None) or real(**options))
    monkeypatch.setattr(served, "_FRESH", 5.0)
    for number in range(20):
        assert get(world, f"/assets/none-{number}.js").status_code == 404
    assert len(listed) == 1


def test_what_is_kept_in_memory_is_bounded(
    world: World, bucket: storage.Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh(monkeypatch, bucket, most=10_000)
    for number in range(8):
        put(bucket, f"assets/part-{number}.js", b"x" * 3000)
        assert get(world, f"/assets/part-{number}.js").status_code == 200
    for number in range(200):
        get(world, f"/assets/none-{number}.js")
    held = served._files._files
    assert sum(served._size(file) for file in held.values()) == served._files._held <= 10_000


def test_an_open_page_still_gets_its_parts_after_the_next_release(world: World, bucket: storage.Bucket) -> None:
    put(bucket, "assets/view-old.js", b"old()", "text/javascript; charset=utf-8")
    bucket.blob("assets/view-old.js").delete()
    response = get(world, "/assets/view-old.js")
    assert (response.status_code, response.get_data()) == (200, b"old()")
    assert response.content_type == "text/javascript; charset=utf-8"


def test_a_compressed_file_of_an_earlier_release_does_not_hide_the_new_one(
    world: World, bucket: storage.Bucket
) -> None:
    put(bucket, "index.html", b"old")
    put(bucket, "index.html.br", b"old, packed")
    bucket.blob("index.html.br").delete()
    put(bucket, "index.html", b"new")
    assert get(world, "/", Accept_Encoding="br").get_data() == b"new"


def test_no_request_is_404_while_a_release_is_replaced(world: World, bucket: storage.Bucket) -> None:
    """As Pulumi does it: each object is deleted and made again, hashed files of the old release go at last."""
    release(bucket, "one")
    asked = ["/", "/index.html", "/config.json", "/icon.svg", "/assets/app-one.js"]
    seen: list[tuple[str, int]] = []
    running = threading.Event()
    over = threading.Event()

    def browse() -> None:
        while not over.is_set():
            seen.extend((path, get(world, path, Accept_Encoding="br").status_code) for path in asked)
            running.set()

    readers = [threading.Thread(target=browse) for _ in range(3)]
    for reader in readers:
        reader.start()
    assert running.wait(30)
    try:
        for number in range(5):
            release(bucket, f"next-{number}", before="one" if number == 0 else f"next-{number - 1}")
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert len(seen) > len(asked)
    assert {status for _, status in seen} == {200}
    page = get(world, "/").get_data(as_text=True)
    assert page == "app-next-4"
    assert get(world, f"/assets/{page}.js").status_code == 200
    assert get(world, "/assets/app-one.js").status_code == 200


def release(bucket: storage.Bucket, name: str, before: str = "") -> None:
    replaced = {
        f"assets/app-{name}.js": name,
        f"assets/app-{name}.js.br": name,
        "icon.svg": "<svg/>",
        "index.html": f"app-{name}",
        "index.html.br": f"app-{name}",
        "config.json": f'{{"release": "{name}"}}',
    }
    for path, text in replaced.items():
        if bucket.blob(path).exists():
            bucket.blob(path).delete()
        put(bucket, path, text.encode())
    if before:
        for path in (f"assets/app-{before}.js", f"assets/app-{before}.js.br"):
            bucket.blob(path).delete()


def test_every_answer_says_what_a_browser_may_do_with_it(world: World, bucket: storage.Bucket) -> None:
    put(bucket, "index.html", HTML)
    for path in ("/", "/nothing", "/api/health", "/api/streams", "/m/x/y", "/health"):
        headers = get(world, path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Strict-Transport-Security"] == "max-age=31536000"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_the_policy_names_the_deployment_s_own_hosts_and_no_other(
    world: World, bucket: storage.Bucket, environment: dict[str, str]
) -> None:
    put(bucket, "index.html", HTML)
    policy = dict(part.split(" ", 1) for part in get(world, "/").headers["Content-Security-Policy"].split("; "))
    store, database = environment["STORAGE_EMULATOR_HOST"], f"http://{environment['FIRESTORE_EMULATOR_HOST']}"
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    probe = "https://www.google.com/images/cleardot.gif"  # of Firestore's client, where its connection broke
    assert policy["img-src"] == f"'self' data: {store}/media/ {probe}"
    assert policy["media-src"] == f"'self' blob: {store}/media/"
    assert policy["connect-src"].split() == [
        *("'self'", f"{store}/media/", f"{store}/uploads/", database, "http://127.0.0.1:9"),
        *("http://ingest.test", "ws://ingest.test"),
    ]
    assert policy["frame-src"] == "'none'"
    assert "unsafe" not in str(policy)


def test_other_sites_may_frame_the_embedded_page_alone(world: World, bucket: storage.Bucket) -> None:
    put(bucket, "index.html", HTML)
    for path, ancestors in (("/?embed=1", "*"), ("/?a=b&embed=1", "*"), ("/?embed=10", "'none'"), ("/", "'none'")):
        policy = get(world, path).headers["Content-Security-Policy"]
        assert f"frame-ancestors {ancestors}" in policy.split("; ")
    assert "frame-ancestors 'none'" in get(world, "/api/health?embed=1").headers["Content-Security-Policy"]


def test_where_people_sign_in_with_google_its_window_may_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGN_IN", "password,google")
    front.cache_clear()
    try:
        found = headers.headers()
    finally:
        monkeypatch.undo()
        front.cache_clear()
    policy = found["Content-Security-Policy"].split("; ")
    assert "frame-src https://test-project.firebaseapp.com" in policy
    assert "script-src 'self' https://apis.google.com" in policy
    assert found["Cross-Origin-Opener-Policy"] == "same-origin-allow-popups"
