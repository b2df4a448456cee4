"""People at the real stack: the page signs one in at the Auth emulator, who shares a stream and takes the link back."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from emulator.accounts import PASSWORD, PEOPLE
from emulator.sample import streams

pytestmark = [pytest.mark.stack, pytest.mark.browser]
MOST = 10_000  # ms between the revocation and the end of what it showed


def test_a_link_that_is_taken_back_ends_at_once(stack: Any, browser: Any) -> None:
    streams.create_anew(stack, "shared", "Shared with the press")
    mine, theirs = browser.new_context(), browser.new_context()
    page = mine.new_page()
    page.goto(stack.web)
    page.get_by_label("E-mail address").fill(PEOPLE["operator"])
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Shared with the press").click(timeout=120_000)  # the emulator may still be starting
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make a link").click()
    address = page.locator("ma-share-links pre").first.inner_text()
    assert "#share=" in address

    watcher = theirs.new_page()
    asked: list[str] = []
    watcher.on("request", lambda request: asked.append(request.url))
    watcher.goto(address)
    expect(watcher.get_by_role("heading", level=1)).to_have_text("Shared with the press")
    secret = address.partition("#share=")[2]
    assert not [url for url in asked if secret in url]
    page.get_by_role("button", name="Revoke").click()
    expect(watcher.get_by_text("This link was revoked.")).to_be_visible(timeout=MOST)
    theirs.close()
    mine.close()
