"""A person signs in and out: by password, by a link; who is no member is told so, and nothing stays behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.servers import free_port
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.people import known, member
from tests.web.doubles.site import Site
from tests.web.views import look, opened
from tests.web.wait import until

STORED = """(async () => JSON.stringify([{ ...sessionStorage }, { ...localStorage }, await indexedDB.databases()]))()"""


@pytest.fixture
def stranger(site: Site, db: firestore.Client) -> Site:
    """The page in a browser without a session; "ann@example.com" may sign in."""
    site.people.signed_in = None
    site.people.passwords = {"ann@example.com": "right", "eve@example.com": "right"}
    site.people.members = {"ann@example.com": known(db, {**member("operator", name="Ann"), "email": "ann@example.com"})}
    documents.stream(db, state="ended")
    return site


def sign_in(page: Page, password: str = "right", email: str = "ann@example.com") -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).last.click()


def test_a_stranger_is_asked_to_sign_in_and_told_whom_to_ask(
    stranger: Site, watched: Watched, screenshots: Path
) -> None:
    page = watched.open(stranger.page())
    expect(page.get_by_text("To see which streams there are, sign in as a member of this deployment.")).to_be_visible()
    expect(page.get_by_text("An administrator of this deployment can invite your e-mail address.")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    assert "auth-" not in " ".join(stranger.asked), "what signs in is loaded when it is needed"
    look(page, screenshots, "sign-in")


def test_a_wrong_password_is_said_and_the_right_one_opens_the_page(
    stranger: Site, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("400", "ERR_EMPTY_RESPONSE")  # of the API only sessions and grants answer
    page = watched.open(stranger.page(f"?stream={documents.STREAM}&manage"))
    sign_in(page, "wrong")
    expect(page.get_by_role("alert")).to_have_text("This address and password do not belong together.")
    look(page, screenshots, "sign-in-wrong")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Manage Velodrome, camera 2")
    page.get_by_role("button", name="Ann").click()
    expect(opened(page, "Your account")).to_contain_text("operator")
    look(page, screenshots, "account")


def test_an_account_that_is_no_member_is_told_so(stranger: Site, watched: Watched) -> None:
    watched.expected = ("403",)
    page = watched.open(stranger.page())
    sign_in(page, email="eve@example.com")
    expect(page.get_by_role("alert")).to_contain_text("eve@example.com is not a member of this deployment")
    expect(page.locator("ma-stream-tile")).to_have_count(0)


def test_a_link_of_an_e_mail_signs_in_once_its_address_was_repeated(
    stranger: Site, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("400",)
    assert stranger.config
    stranger.config["signIn"] = ["link"]
    page = watched.open(stranger.page())
    page.get_by_label("E-mail address").fill("ann@example.com")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("status")).to_contain_text("A link is on its way to ann@example.com")
    look(page, screenshots, "sign-in-sent")
    assert stranger.people.sent == ["ann@example.com"]
    page = watched.open(stranger.page("?apiKey=none&mode=signIn&lang=en&oobCode=code-for-ann@example.com"))
    page.get_by_label("E-mail address").fill("eve@example.com")
    page.get_by_role("button", name="Sign in", exact=True).last.click()
    expect(page.get_by_role("alert")).to_contain_text("was used before, or is for another address")
    look(page, screenshots, "sign-in-link")
    page.get_by_label("E-mail address").fill("ann@example.com")
    page.get_by_role("button", name="Sign in", exact=True).last.click()
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
    assert "oobCode" not in page.url


def test_the_sign_in_waits_for_a_local_service_that_is_still_starting(
    stranger: Site, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("ERR_CONNECTION_REFUSED",)
    assert stranger.config
    later, stranger.config["authEmulator"] = stranger.config["authEmulator"], f"127.0.0.1:{free_port()}"
    page = watched.open(stranger.page())
    sign_in(page)
    expect(page.get_by_role("status").filter(has_text="still starting")).to_be_visible()
    look(page, screenshots, "sign-in-starting")
    stranger.config["authEmulator"] = later


def test_signing_out_leaves_nothing_on_the_page_in_no_tab_and_behind_no_button(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    documents.stream(db, state="ended")
    page = watched.open(site.page())
    other = watched.open(site.page())
    page.get_by_role("link", name="Velodrome, camera 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Velodrome, camera 2")
    page.get_by_role("button", name="The admin").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_label("Password")).to_be_visible()
    assert site.people.signed_in is None
    expect(other.get_by_label("Password")).to_be_visible()
    for tab in (page, other):
        expect(tab.get_by_text("Velodrome")).to_have_count(0)
    page.go_back()
    expect(page.get_by_label("Password")).to_be_visible()
    expect(page.get_by_text("Velodrome")).to_have_count(0)


def test_a_member_who_is_removed_sees_nothing_more(site: Site, db: firestore.Client, watched: Watched) -> None:
    watched.expected = ("401",)
    documents.stream(db, state="ended")
    page = watched.open(site.page())
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
    site.people.signed_in = None
    db.document("members/m-admin-main").delete()
    expect(page.get_by_text("You were signed out")).to_be_visible()
    expect(page.get_by_text("Velodrome")).to_have_count(0)


def test_no_token_is_in_an_address_or_kept_by_the_browser(
    stranger: Site, db: firestore.Client, watched: Watched
) -> None:
    asked: list[str] = []
    watched.context.on("request", lambda request: asked.append(request.url))
    page = watched.open(stranger.page())
    sign_in(page)
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
    page.get_by_role("link", name="Velodrome, camera 2").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Velodrome, camera 2")
    until(page, lambda: any("Firestore/Listen" in url for url in asked), "the database to be asked")
    secrets = {*stranger.people.tokens, "right"}
    assert len(secrets) >= 3
    assert not [url for url in asked if any(secret in url for secret in secrets)]
    kept = page.evaluate(STORED)
    assert not [secret for secret in secrets if secret in kept]
    assert kept.startswith("[{},{},")
