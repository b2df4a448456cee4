"""Two tenants, one page: nothing of the other one is seen, wherever it is looked for."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.conftest import Watched
from tests.web.data import documents, operating
from tests.web.doubles.people import known, member, of_member
from tests.web.doubles.site import Site
from tests.web.footage.clip import STARTED
from tests.web.wait import until

OTHER, OTHER_SESSION = "harbour", "20260301T130000Z-fed987"
OTHERS = ("Harbour", "harbour", "Nordlys", "north")
"""Words of the other tenant, which is called "north"."""
ALL_TEXT = """() => {
    const texts = []
    const walk = (root) => {
        for (const node of root.childNodes) {
            if (node.nodeType === Node.TEXT_NODE) texts.push(node.data)
            if (node.nodeName === 'STYLE') continue
            for (const name of ['src', 'title', 'alt', 'value', 'href']) texts.push(String(node[name] ?? ''))
            if (node.shadowRoot) walk(node.shadowRoot)
            walk(node)
        }
    }
    walk(document.body)
    return texts.join('\\n')
}"""


@pytest.fixture
def world(site: Site, db: firestore.Client) -> Iterator[Site]:
    """In each of two tenants a stream that is meant for all of it, a session with a frame, and a brand."""
    documents.stream(db, state="ended", visibility="tenant")
    documents.session(db, ended=STARTED, segments=1)
    ours = f"streams/{documents.STREAM}/sessions/{documents.SESSION}/frames/0000000000"
    db.document(ours).set(documents.frame(0, 0, STARTED))
    site.media[f"frames/{documents.STREAM}/{documents.SESSION}/0000000000.jpg"] = operating.picture(2)
    operating.brand(db, site, "Velox", tenant="main")
    operating.brand(db, site, "Nordlys", tenant="north")
    others = {"tenant": "north", "visibility": "tenant", "name": "Harbour, north pier", "session": OTHER_SESSION}
    db.document(f"streams/{OTHER}").set({"state": "ended", "viewers": [], "last_segment_at": STARTED, **others})
    session = db.document(f"streams/{OTHER}/sessions/{OTHER_SESSION}")
    session.set({"started": STARTED, "playlist": f"playlists/{OTHER}/{OTHER_SESSION}/index.m3u8"})
    analyses = {"logo": documents.analysis([documents.detection("Nordlys", "logo", 0.9, 0.1, 0.1)], STARTED)}
    frame = documents.frame(0, 0, STARTED, OTHER_SESSION)
    snapshot = f"frames/{OTHER}/{OTHER_SESSION}/0000000000.jpg"
    site.media[snapshot] = operating.picture(1)
    changes = {"tenant": "north", "stream": OTHER, "snapshot": snapshot, "analyses": analyses}
    session.collection("frames").document("0000000000").set({**frame, **changes, "seen": documents.seen(analyses)})
    site.people.signed_in = known(db, member("operator"))
    yield site


def nothing_of_the_other(page: Page, site: Site) -> None:
    text = page.evaluate(ALL_TEXT)
    assert not [word for word in OTHERS if word in text], text
    assert not [path for path in site.asked if OTHER in path], "no picture, playlist or segment of it was fetched"


def test_the_wall_and_its_search_know_nothing_of_another_tenant(world: Site, watched: Watched) -> None:
    page = watched.open(world.page())
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
    nothing_of_the_other(page, world)
    page.get_by_label("Search streams").fill("pier")
    expect(page.get_by_text("No stream here matches")).to_be_visible()
    page.goto(world.page("?q=pier&state=ended"))
    expect(page.get_by_text("No stream here matches")).to_be_visible()
    expect(page.locator("ma-stream-tile")).to_have_count(0)


def test_explore_and_the_brands_know_nothing_of_another_tenant(world: Site, watched: Watched) -> None:
    page = watched.open(world.page("?view=explore"))
    expect(page.locator("ma-explore-grid").get_by_role("button").first).to_be_visible()
    nothing_of_the_other(page, world)
    page.goto(world.page("?view=brands"))
    expect(page.get_by_role("link", name="Velox")).to_be_visible()
    nothing_of_the_other(page, world)


@pytest.mark.parametrize("view", ["", "&report", "&manage", "&settings"])
def test_an_address_of_another_tenant_opens_nothing(world: Site, watched: Watched, view: str) -> None:
    watched.expected = ("ERR_EMPTY_RESPONSE",)  # of the API only sessions and grants answer
    page = watched.open(world.page(f"?stream={OTHER}{view}"))
    expect(page.get_by_role("alert").filter(has_text=f"There is no stream “{OTHER}”")).to_be_visible()
    expect(page.get_by_text("north pier")).to_have_count(0)
    expect(page.locator("ma-player")).to_have_count(0)


@pytest.mark.parametrize(
    "address",
    [
        f"?view=explore&stream={OTHER}",
        f"?view=explore&open={OTHER}%2F{OTHER_SESSION}%2F0000000000",
        f"?stream={OTHER}&session={OTHER_SESSION}&t=0",
    ],
)
def test_a_link_into_another_tenant_shows_no_picture(world: Site, watched: Watched, address: str) -> None:
    page = watched.open(world.page(address))
    expect(page.locator("ma-notice, ma-explore .nothing, ma-explore .said").first).to_be_visible()
    assert "Nordlys" not in page.evaluate(ALL_TEXT)
    assert "north pier" not in page.evaluate(ALL_TEXT)
    assert not [path for path in world.asked if path.startswith("/media/") and OTHER in path]


def test_the_timeline_of_another_tenant_s_session_is_refused(world: Site, watched: Watched) -> None:
    """The page's own token, asked past the page: the database refuses each list and each document."""
    page = watched.open(world.page())
    expect(page.get_by_role("link", name="Velodrome, camera 2")).to_be_visible()
    assert world.config
    base = f"http://{world.config['firestoreEmulator']}/v1/projects/web-tests/databases/(default)/documents"
    token = of_member(member("operator"))
    ask = "([url, token]) => fetch(url, { headers: { Authorization: `Bearer ${token}` } }).then((one) => one.status)"
    watched.expected = ("403",)
    session = f"{base}/streams/{OTHER}/sessions/{OTHER_SESSION}"
    parts = [f"{session}/{part}?pageSize=10" for part in ("frames", "segments", "minutes", "transcripts")]
    for url in (f"{base}/streams/{OTHER}", session, *parts, f"{base}/brands/nordlys"):
        assert page.evaluate(ask, [url, token]) == 403, url
    assert page.evaluate(ask, [f"{base}/streams/{documents.STREAM}", token]) == 200


def test_after_signing_out_as_one_and_in_as_another_nothing_of_the_first_is_left(
    world: Site, db: firestore.Client, watched: Watched
) -> None:
    watched.expected = ("404",)  # there is no video behind it
    page = watched.open(world.page(f"?stream={documents.STREAM}"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Velodrome, camera 2")
    page.get_by_role("button", name="The operator").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_label("Password")).to_be_visible()
    other = {**member("operator", "north"), "email": "olaf@north.example"}
    world.people.passwords = {other["email"]: "right"}
    world.people.members = {other["email"]: known(db, other)}
    page.get_by_label("E-mail address").fill(other["email"])
    page.get_by_label("Password").fill("right")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Harbour, north pier")).to_be_visible()
    expect(page.get_by_text("Velodrome")).to_have_count(0)
    page.go_back()
    expect(page.get_by_text("Velodrome")).to_have_count(0)


def test_a_share_of_another_tenant_shows_its_stream_and_ends_with_it(
    world: Site, db: firestore.Client, watched: Watched
) -> None:
    watched.expected = ("404",)  # its playlist was never stored
    share = {"id": "cd" * 32, "stream": OTHER, "x": int(time.time()) + 3600, "reports": False}
    world.people.shares["secret"] = share
    db.document(f"shares/{share['id']}").set({"stream": OTHER, "tenant": "north", "revoked": False})
    page = watched.open(f"{world.page()}#share=secret")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour, north pier")
    db.document(f"shares/{share['id']}").update({"revoked": True})
    expect(page.get_by_text("This link was revoked.")).to_be_visible()
    expect(page.get_by_text("Harbour")).to_have_count(0)
    page.go_back()
    until(page, lambda: "Harbour" not in page.content(), "nothing of it to be left")
