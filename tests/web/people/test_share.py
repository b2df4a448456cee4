"""Who sees a stream: its visibility, its viewers, and links that show it alone and can be taken back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.answers import Answers
from tests.web.doubles.people import known, member
from tests.web.doubles.site import Site
from tests.web.footage.clip import Clip
from tests.web.footage.publish import recorded
from tests.web.views import look, opened

SECRET = "secret-of-the-link"
ID = "ab" * 32
SHARES = f"/streams/{documents.STREAM}/shares"
VIEWER = member("viewer", name="Vera")


def share(site: Site, db: firestore.Client, *, reports: bool = False, revoked: bool = False) -> None:
    """A link that was made, as the API leaves it."""
    until = int(time.time()) + 3600
    fields = {"stream": documents.STREAM, "tenant": "main", "reports": reports, "revoked": revoked}
    db.document(f"shares/{ID}").set(fields)
    site.people.signed_in = None
    site.people.shares[SECRET] = {"id": ID, "x": until, **fields}


def link(site: Site, query: str = "") -> str:
    return f"{site.page(query)}#share={SECRET}"


def seek_to_the_picture(page: Page) -> None:
    page.wait_for_function("document.querySelector('ma-app') !== null")
    expect(page.locator("ma-player video")).to_be_attached()


def test_a_link_shows_one_stream_and_stops_when_it_is_revoked(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    recorded(site, db, stream_clip, range(12))
    db.document("streams/secret").set({"tenant": "main", "visibility": "private", "name": "Secret", "state": "idle"})
    share(site, db)
    page = watched.open(link(site))
    expect(page.get_by_role("heading", level=1)).to_have_text("Velodrome, camera 2")
    page.wait_for_function(
        "() => { const find = (root) => root.querySelector('video') ?? [...root.querySelectorAll('*')].map((one) =>"
        " one.shadowRoot && find(one.shadowRoot)).find(Boolean); return find(document)?.readyState >= 2 }"
    )
    expect(page.get_by_role("navigation", name="This stream").get_by_role("link")).to_have_text(["Watch"])
    expect(page.get_by_role("navigation", name="Views").get_by_role("link")).to_have_count(0)
    expect(page.get_by_text("Shared with you until")).to_be_visible()
    look(page, screenshots, "shared")
    db.document(f"shares/{ID}").update({"revoked": True})
    expect(page.get_by_text("This link was revoked.")).to_be_visible()
    expect(page.locator("ma-player")).to_have_count(0)
    expect(page.get_by_text("Velodrome")).to_have_count(0)
    look(page, screenshots, "shared-revoked")


def test_a_link_that_was_revoked_before_opens_nothing(site: Site, db: firestore.Client, watched: Watched) -> None:
    watched.expected = ("403",)
    documents.stream(db, state="ended")
    share(site, db, revoked=True)
    page = watched.open(link(site))
    expect(page.get_by_text("This link has expired or was revoked.")).to_be_visible()
    expect(page.get_by_text("Velodrome")).to_have_count(0)


def test_a_link_with_reports_shows_them(site: Site, db: firestore.Client, watched: Watched) -> None:
    # The API answers sessions and grants only; before the click the player may ask for a playlist that is not there.
    watched.expected = ("ERR_", "404")
    documents.stream(db, state="ended")
    documents.session(db)
    share(site, db, reports=True)
    page = watched.open(link(site))
    page.get_by_role("navigation", name="This stream").get_by_role("link", name="Report").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Report Velodrome, camera 2")
    assert SECRET in page.url, "loading it again goes on"
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Report Velodrome, camera 2")


def test_an_embedded_link_is_the_player_alone(
    site: Site, db: firestore.Client, watched: Watched, stream_clip: Clip, screenshots: Path
) -> None:
    recorded(site, db, stream_clip, range(12))
    share(site, db)
    page = watched.open(link(site, "?embed=1"))
    expect(page.locator("ma-player video")).to_be_visible()
    expect(page.locator("ma-header")).to_have_count(0)
    look(page, screenshots, "embedded")
    db.document(f"shares/{ID}").update({"revoked": True})
    expect(page.get_by_role("heading", name="This video is not open here")).to_be_visible()
    expect(page.get_by_label("Password")).to_have_count(0)


@pytest.fixture
def api(site: Site, db: firestore.Client) -> Iterator[Answers]:
    double = Answers()
    assert site.config
    site.config["apiUrl"] = double.url
    double.said["GET", "/members"] = (200, {"members": [{**VIEWER, "last_seen": None}]})
    double.said["GET", SHARES] = (200, {"shares": []})
    documents.stream(db, state="idle", session=None)
    yield double
    double.close()


def test_a_link_is_made_copied_and_revoked(site: Site, api: Answers, watched: Watched, screenshots: Path) -> None:
    watched.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watched.open(site.page(f"?stream={documents.STREAM}"))
    page.get_by_role("button", name="Share").click()
    dialog = opened(page, "Who sees “Velodrome, camera 2”")
    expect(dialog.get_by_text("No link is valid now.")).to_be_visible()
    look(page, screenshots, "share")
    made = {"id": ID, "until": "2100-01-01T00:00:00Z", "reports": True, "label": "Press", "revoked": False}
    api.said["POST", SHARES] = (201, {"share": made, "secret": SECRET})
    api.said["GET", SHARES] = (200, {"shares": [made]})
    dialog.get_by_label("For whom").fill("Press")
    dialog.get_by_label("With reports").check()
    dialog.get_by_role("button", name="Make a link").click()
    dialog.get_by_role("button", name="Copy the link").click()
    expect(dialog.get_by_role("list", name="Links that are valid")).to_contain_text("Press until")
    assert page.evaluate("navigator.clipboard.readText()") == link(site)
    look(page, screenshots, "share-made")
    api.said["DELETE", f"{SHARES}/{ID}"] = (204, None)
    api.said["GET", SHARES] = (200, {"shares": [{**made, "revoked": True}]})
    dialog.get_by_role("button", name="Revoke Press").click()
    expect(dialog.get_by_text("No link is valid now.")).to_be_visible()
    expect(dialog.get_by_text(SECRET)).to_have_count(0)


def test_visibility_and_viewers_are_changed(
    site: Site, api: Answers, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    api.said["PATCH", f"/streams/{documents.STREAM}"] = (200, {"stream": {}})
    page = watched.open(site.page(f"?stream={documents.STREAM}"))
    page.get_by_role("button", name="Share").click()
    dialog = opened(page, "Who sees “Velodrome, camera 2”")
    expect(dialog.get_by_role("radio", name="Private")).to_be_checked()
    dialog.get_by_label("Vera").check()
    documents.stream(db, state="idle", session=None, viewers=[VIEWER["id"]])
    expect(dialog.get_by_label("Vera")).to_be_checked()
    dialog.get_by_role("radio", name="The tenant Every").check()
    documents.stream(db, state="idle", session=None, visibility="tenant")
    expect(dialog.get_by_role("list", name="Viewers")).to_have_count(0)
    look(page, screenshots, "share-tenant")


def test_who_is_no_operator_is_offered_no_sharing(
    site: Site, api: Answers, db: firestore.Client, watched: Watched
) -> None:
    api.people.signed_in = known(db, VIEWER)
    documents.stream(db, state="idle", session=None, visibility="tenant")
    page = watched.open(site.page(f"?stream={documents.STREAM}"))
    expect(page.get_by_text("As soon as video is sent to this stream, it appears here.")).to_be_visible()
    expect(page.get_by_role("button", name="Share")).to_have_count(0)
