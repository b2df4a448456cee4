"""People at the real stack: the page signs one in at the Auth emulator, who shares a stream and takes the link back."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Request, expect
from tests.e2e.helpers.plain import plain
from tests.wait import until

from emulator.accounts import PASSWORD, PEOPLE
from emulator.sample import people, streams
from pipeline.domain import names
from sender import Push

pytestmark = [pytest.mark.stack, pytest.mark.browser]
_TIMEOUT = 30  # s
STREAM = "signed-in"
MOST = 10_000  # ms between the revocation and the end of what it showed
PLAYS = """() => {
    const find = (root) => root.querySelector('video') ??
        [...root.querySelectorAll('*')].map((one) => one.shadowRoot && find(one.shadowRoot)).find(Boolean)
    return (find(document)?.currentTime ?? 0) > 1
}"""


@pytest.fixture
def on_air(stack: Any, clip: Path) -> Iterator[None]:
    """The stream `shared` is live."""
    key = plain(stack, "shared", "Shared with the press")
    push = Push(str(clip), streams.address(stack, "shared"), key, loop=True)
    push.start()
    yield
    push.stop()
    push.join(60)


def test_a_link_that_is_taken_back_ends_at_once(stack: Any, browser: Any, on_air: None) -> None:
    until(lambda: _answers(stack), 240, "an answer of the Auth emulator")
    mine, theirs = browser.new_context(), browser.new_context()
    page = mine.new_page()
    page.goto(stack.web)
    page.get_by_label("E-mail address").fill(PEOPLE["operator"])
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Shared with the press").click(timeout=60_000)
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make a link").click()
    address = page.locator("ma-share-links pre").first.inner_text()
    assert "#share=" in address

    watcher = theirs.new_page()
    asked: list[Request] = []
    watcher.on("request", lambda request: asked.append(request))
    watcher.goto(address)
    expect(watcher.get_by_role("heading", name="Shared with the press")).to_be_visible()
    watcher.wait_for_function(PLAYS, timeout=90_000)
    secret = address.partition("#share=")[2]
    assert not [one.url for one in asked if secret in one.url]
    tokens = {found[7:] for one in asked if (found := one.headers.get("authorization", "")).startswith("Bearer ey")}
    assert not [one.url for one in asked for token in tokens if token in one.url]
    assert tokens
    playlist = next(one.url for one in asked if ".m3u8" in one.url)
    assert requests.get(playlist, timeout=_TIMEOUT).status_code == 200
    page.get_by_role("button", name="Revoke").click()
    revoked = time.monotonic()
    expect(watcher.get_by_text("This link was revoked.")).to_be_visible(timeout=MOST)
    expect(watcher.locator("video")).to_have_count(0)
    until(lambda: requests.get(playlist, timeout=_TIMEOUT).status_code == 403, 60, "the end of the grant")
    for token in tokens:
        assert document(stack, names.stream_path("shared"), {"Authorization": f"Bearer {token}"}) == 403
    assert time.monotonic() - revoked < MOST / 1000
    theirs.close()
    mine.close()


def identity(stack: Any, method: str, body: dict[str, Any]) -> str:
    """The ID token that the Auth emulator answers to `method`."""
    url = f"http://{stack.auth}/identitytoolkit.googleapis.com/v1/accounts:{method}?key=any"
    answer = requests.post(url, json={**body, "returnSecureToken": True}, timeout=_TIMEOUT)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["idToken"])


def signed_in(stack: Any, role: str) -> dict[str, str]:
    """The headers of the person with this role, after the steps that the page takes."""
    proof = identity(stack, "signInWithPassword", {"email": PEOPLE[role], "password": PASSWORD})
    page = stack.web.rstrip("/")
    headers = {"Authorization": f"Bearer {proof}", "Origin": page}
    begun = requests.post(f"{stack.api}/session", json={}, headers=headers, timeout=_TIMEOUT)
    assert begun.status_code == 200, begun.text
    assert begun.json()["member"]["role"] == role
    cookies = begun.cookies
    again = requests.post(
        f"{stack.api}/session/token", json={}, headers={"Origin": page}, cookies=cookies, timeout=_TIMEOUT
    )
    assert again.status_code == 200, again.text
    token = identity(stack, "signInWithCustomToken", {"token": again.json()["token"]})
    return {"Authorization": f"Bearer {token}"}


def document(stack: Any, path: str, headers: dict[str, str]) -> int:
    """The status of a document of Firestore, as a browser reads it."""
    url = f"http://{stack.firestore}/v1/projects/{stack.project}/databases/(default)/documents/{path}"
    return requests.get(url, headers=headers, timeout=_TIMEOUT).status_code


def test_people_sign_in_and_see_what_their_role_shows(stack: Any) -> None:
    until(lambda: _answers(stack), 240, "an answer of the Auth emulator")
    people.invite(streams.api(stack))
    streams.recreate(stack, STREAM, "Signed in")
    viewer, operator = signed_in(stack, "viewer"), signed_in(stack, "operator")
    path = names.stream_path(STREAM)
    assert document(stack, path, {}) == 403
    assert document(stack, path, viewer) == 403, "it is private"
    assert document(stack, path, operator) == 200
    change = {"visibility": "tenant"}
    changed = requests.patch(f"{stack.api}/streams/{STREAM}", json=change, headers=operator, timeout=_TIMEOUT)
    assert changed.status_code == 200, changed.text
    assert document(stack, path, viewer) == 200
    for headers, status in ((viewer, 403), (operator, 200), ({}, 401)):
        answer = requests.get(f"{stack.api}/members", headers=headers, timeout=_TIMEOUT)
        assert answer.status_code == status
    people.invite(streams.api(stack))  # twice is once: roles and sessions stay
    assert requests.get(f"{stack.api}/members", headers=operator, timeout=_TIMEOUT).status_code == 200


def _answers(stack: Any) -> bool:
    try:
        return requests.get(f"http://{stack.auth}/", timeout=_TIMEOUT).ok
    except requests.ConnectionError:
        return False
