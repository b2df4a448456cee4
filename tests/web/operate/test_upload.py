"""The page that uploads a file: what goes out, what it says, and that it goes on where it was."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.bucket_double import BucketDouble
from tests.web.doubles.people import ADMIN, claims
from tests.web.doubles.site import Site
from tests.web.views import look

OBJECT = "uploads/velodrome-2/one.mp4"
PIECE = 8 << 20


@pytest.fixture
def bucket(site: Site, db: firestore.Client) -> Iterator[BucketDouble]:
    running = BucketDouble()
    assert site.config
    site.config["apiUrl"] = running.url
    documents.stream(db, state="idle", session=None, source=None)
    yield running
    running.close()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 MB, no two of its pieces alike."""
    file = tmp_path_factory.mktemp("film") / "holiday.mkv"
    file.write_bytes(b"".join(hashlib.sha256(str(at).encode()).digest() * 1024 for at in range(640)))
    return file


def open_page(watched: Watched, site: Site) -> Page:
    return watched.open(site.page(f"?stream={documents.STREAM}&upload"))


def upload(page: Page, film: Path, key: str = "") -> None:
    page.get_by_label("Video file").set_input_files(film)
    if key:
        page.get_by_label("Stream key").fill(key)
    page.get_by_role("button", name="Upload").click()


def arrived(page: Page) -> None:
    expect(page.locator("ma-import-panel")).to_contain_text("The file has arrived", timeout=30_000)


def an_import(db: firestore.Client, **fields: object) -> None:
    base = {"object": OBJECT, "state": "running", "share": 0.42, "media_seconds": 75.0, "error": None}
    db.document(f"streams/{documents.STREAM}/imports/{documents.SESSION}").set({**base, **fields})


def test_a_file_arrives_whole_in_pieces_and_its_import_is_followed(
    site: Site, db: firestore.Client, bucket: BucketDouble, watched: Watched, film: Path
) -> None:
    page = open_page(watched, site)
    upload(page, film)
    arrived(page)
    size = film.stat().st_size
    assert bytes(bucket.data) == film.read_bytes()
    assert bucket.pieces == [
        f"bytes 0-{PIECE - 1}/{size}",
        f"bytes {PIECE}-{2 * PIECE - 1}/{size}",
        f"bytes {2 * PIECE}-{size - 1}/{size}",
    ]
    wanted = {"name": "holiday.mkv", "size": size, "content_type": "video/x-matroska"}
    fingerprint = bucket.asked[0].pop("fingerprint")
    assert len(fingerprint) == 64
    assert bucket.asked == [{"path": f"/streams/{documents.STREAM}/uploads", **wanted}]
    assert [claims(who or "")["user_id"] for who in bucket.keys] == [ADMIN["id"]], "a person needs no key"
    an_import(db)
    expect(page.locator("ma-import-panel")).to_contain_text("Importing: 42 %, 1:15 of video so far")
    an_import(db, state="done", share=1.0, media_seconds=180.0)
    expect(page.locator("ma-import-panel")).to_contain_text("Imported: 3:00 of video")
    expect(page.get_by_role("link", name="Watch it")).to_have_attribute("href", f"?stream={documents.STREAM}")
    assert page.evaluate("sessionStorage.length") == 0


def test_what_the_tenant_may_still_upload_is_said_before_it_is_too_much(
    site: Site, bucket: BucketDouble, watched: Watched, film: Path, screenshots: Path
) -> None:
    page = open_page(watched, site)
    expect(page.get_by_text("Of 500.00 GB a day the tenant has used 2.00 GB today.")).to_be_visible()
    bucket.quota["used"]["upload_bytes_today"] = 499_990_000_000
    page.reload()
    page.get_by_label("Video file").set_input_files(film)
    expect(
        page.get_by_text("This file is larger than what the tenant may still upload today, 10.0 MB.")
    ).to_be_visible()
    look(page, screenshots, "upload-quota")


def test_a_sender_without_an_account_uploads_with_the_key_alone(
    site: Site, bucket: BucketDouble, watched: Watched, film: Path
) -> None:
    bucket.people.signed_in = None
    page = open_page(watched, site)
    upload(page, film, "sk\u2013secret")  # a dash that a word processor made long
    expect(page.get_by_role("alert")).to_contain_text("holds a character that no key has")
    upload(page, film, "sk_secret\u200b")
    arrived(page)
    expect(page.locator("ma-import-panel")).to_contain_text("Members who sign in can follow that here.")
    assert bytes(bucket.data) == film.read_bytes()
    assert bucket.keys == ["Bearer sk_secret"]


def test_a_key_is_remembered_only_where_that_is_asked_for_and_never_stored(
    site: Site, bucket: BucketDouble, watched: Watched, film: Path
) -> None:
    bucket.people.signed_in = None
    page = open_page(watched, site)
    page.get_by_label("Remember it until this page is loaded again").check()
    upload(page, film, "sk_secret")
    arrived(page)
    page.get_by_role("button", name="Upload another").click()
    expect(page.get_by_label("Stream key")).to_have_value("sk_secret")
    assert page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])") == "[{},{}]"
    page.reload()
    expect(page.get_by_label("Stream key")).to_have_value("")


def test_an_import_that_failed_says_why_and_what_can_be_watched(
    site: Site, db: firestore.Client, bucket: BucketDouble, watched: Watched, film: Path
) -> None:
    page = open_page(watched, site)
    upload(page, film)
    arrived(page)
    an_import(db, state="error", error="the file breaks off after 75 s", media_seconds=75.0)
    expect(page.get_by_role("alert")).to_contain_text("The import failed: the file breaks off after 75 s")
    expect(page.get_by_role("link", name="Watch the 1:15 that could be read")).to_be_visible()


def test_what_is_lost_on_the_way_is_sent_again_from_where_it_was(
    site: Site, bucket: BucketDouble, watched: Watched, film: Path
) -> None:
    watched.expected = ("net::ERR_", "503", "blocked by CORS policy")  # what a connection that is cut looks like
    failures = [0, 503]
    bucket.answer = lambda first: failures.pop() if first == PIECE and failures else None
    page = open_page(watched, site)
    upload(page, film)
    expect(page.get_by_role("status").last).to_contain_text("Trying again…")
    arrived(page)
    assert bytes(bucket.data) == film.read_bytes()
    assert bucket.sessions == 1
    size = film.stat().st_size
    # Once for the 503. Where the connection was cut, Chromium may have sent the piece again by itself.
    assert f"bytes */{size}" in bucket.pieces, "it asked how far it got"
    assert bucket.pieces.count(f"bytes 0-{PIECE - 1}/{size}") == 1


def test_a_pause_holds_and_resume_goes_on(site: Site, bucket: BucketDouble, watched: Watched, film: Path) -> None:
    watched.expected = ("net::ERR_",)
    held = threading.Event()
    bucket.answer = lambda first: None if first == 0 or held.wait(60) else 503
    page = open_page(watched, site)
    upload(page, film)
    expect(page.get_by_role("status")).to_contain_text("MB of 21.0 MB")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("status")).to_contain_text("paused")
    held.set()
    page.get_by_role("button", name="Resume").click()
    arrived(page)
    assert bytes(bucket.data) == film.read_bytes()
    assert bucket.sessions == 1


def test_after_another_view_the_same_file_goes_on(
    site: Site, bucket: BucketDouble, watched: Watched, film: Path
) -> None:
    watched.expected = ("net::ERR_", "503")
    bucket.answer = lambda first: 503 if first == 2 * PIECE else None
    page = open_page(watched, site)
    upload(page, film)
    expect(page.get_by_role("status").last).to_contain_text("Cloud Storage answers 503. Trying again…")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Watch").click()
    expect(page.get_by_role("heading", name="Nothing has been streamed yet")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0, "an upload's address is as good as a key"
    page.get_by_role("link", name="Upload").click()
    goes_on(page, bucket, film)


def test_after_the_page_was_loaded_again_the_same_file_goes_on(
    site: Site, bucket: BucketDouble, watched: Watched, film: Path
) -> None:
    watched.expected = ("net::ERR_", "503")
    bucket.answer = lambda first: 503 if first == 2 * PIECE else None
    page = open_page(watched, site)
    upload(page, film)
    expect(page.get_by_role("status").last).to_contain_text("Cloud Storage answers 503. Trying again…")
    page.on("dialog", lambda dialog: dialog.accept())
    kept = page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}, location.href])")
    assert "/session/" not in kept, "an upload's address is as good as a key"
    page.reload()
    goes_on(page, bucket, film)


def goes_on(page: Page, bucket: BucketDouble, film: Path) -> None:
    """The same file, chosen again, is sent from where it broke off."""
    bucket.answer = lambda first: None
    bucket.pieces.clear()
    upload(page, film)
    arrived(page)
    size = film.stat().st_size
    assert bucket.pieces == [f"bytes */{size}", f"bytes {2 * PIECE}-{size - 1}/{size}"]
    assert bytes(bucket.data) == film.read_bytes()
    assert bucket.sessions == 1


def test_a_session_that_storage_has_forgotten_begins_anew(
    site: Site, bucket: BucketDouble, watched: Watched, film: Path
) -> None:
    watched.expected = ("410",)

    def forget(first: int) -> int | None:
        if first != PIECE or bucket.gone:
            return None
        bucket.gone.add("/session/1")
        return 410

    bucket.answer = forget
    page = open_page(watched, site)
    upload(page, film)
    arrived(page)
    assert bucket.sessions == 2
    assert bytes(bucket.data) == film.read_bytes()


def test_cancel_gives_the_session_up(site: Site, bucket: BucketDouble, watched: Watched, film: Path) -> None:
    watched.expected = ("net::ERR_", "503", "499")
    bucket.answer = lambda first: 503 if first else None
    page = open_page(watched, site)
    upload(page, film)
    expect(page.get_by_role("status").last).to_contain_text("Trying again…")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Upload")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    assert bucket.given_up == ["/session/1"]


@pytest.mark.parametrize(
    ("status", "detail", "words"),
    [
        (401, "wrong key", "The key is wrong"),
        (404, "no such stream", "There is no such stream"),
        (415, "image/png is no video", "This file is not a video that can be imported. image/png is no video"),
        (400, "'size' is larger than 100 GB", "The upload was refused (400). 'size' is larger than 100 GB"),
    ],
)
def test_a_refusal_is_said_in_words(
    site: Site, bucket: BucketDouble, watched: Watched, film: Path, status: int, detail: str, words: str
) -> None:
    watched.expected = (str(status),)
    bucket.refusal = {"status": status, "title": "Refused", "detail": detail}
    page = open_page(watched, site)
    upload(page, film)
    expect(page.get_by_role("alert")).to_contain_text(words)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_role("button", name="Upload")).to_be_visible()


def test_a_file_that_is_changed_meanwhile_is_not_sent_as_a_mixture(
    site: Site, bucket: BucketDouble, watched: Watched, film: Path, tmp_path: Path
) -> None:
    watched.expected = ("net::ERR_", "503")
    mine = tmp_path / "mine.mp4"
    mine.write_bytes(film.read_bytes())

    def change(first: int) -> int | None:
        if first == PIECE:
            mine.write_bytes(b"something else")
            return 503
        return None

    bucket.answer = change
    page = open_page(watched, site)
    upload(page, mine)
    expect(page.get_by_role("alert")).to_contain_text("The file can no longer be read", timeout=20_000)


def test_how_it_looks(
    site: Site,
    db: firestore.Client,
    bucket: BucketDouble,
    watched: Watched,
    film: Path,
    screenshots: Path,
) -> None:
    watched.expected = ("net::ERR_", "503")
    page = open_page(watched, site)
    expect(page.locator("h1")).to_have_text("Upload a video to velodrome-2")
    look(page, screenshots, "upload-before")
    bucket.answer = lambda first: 503 if first == PIECE else None
    upload(page, film)
    expect(page.get_by_role("status").last).to_contain_text("Trying again…")
    page.get_by_role("button", name="Pause").click()
    look(page, screenshots, "upload-paused")
    bucket.answer = lambda first: None
    page.get_by_role("button", name="Resume").click()
    arrived(page)
    an_import(db)
    expect(page.locator("ma-import-panel")).to_contain_text("Importing")
    look(page, screenshots, "upload-importing")
