"""Moving between views: no reload, one connection to the database, and nothing left behind by a view."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from google.cloud import firestore
from playwright.sync_api import Dialog, Page, Request, expect
from tests.web.data import documents
from tests.web.doubles.operator_double import OperatorDouble
from tests.web.doubles.site import Site
from tests.web.wait import until

from .conftest import Watched

NAME = "Velodrome, camera 2"
WALL = ("streams", 501)


@dataclass
class Connection:
    """What the page asks the database over its WebChannel."""

    opened: int = 0
    targets: dict[int, tuple[str, int | None]] = field(default_factory=dict)

    def heard(self, request: Request) -> None:
        address = urlsplit(request.url)
        if not address.path.endswith("/Listen/channel") or request.method != "POST":
            return
        self.opened += "SID" not in parse_qs(address.query)
        for name, values in parse_qs(request.post_data or "").items():
            if name.endswith("___data__"):
                self._take(json.loads(values[0]))

    def _take(self, message: dict[str, Any]) -> None:
        if removed := message.get("removeTarget"):
            self.targets.pop(removed, None)
        elif added := message.get("addTarget"):
            self.targets[added["targetId"]] = _described(added)

    @property
    def listened(self) -> set[tuple[str, int | None]]:
        return set(self.targets.values())


def _described(target: dict[str, Any]) -> tuple[str, int | None]:
    """The last part of what is listened to, and its limit."""
    if "documents" in target:
        return target["documents"]["documents"][0].rsplit("/", 2)[-2], None
    asked = target["query"]["structuredQuery"]
    limit = asked.get("limit")
    return asked["from"][0]["collectionId"], limit.get("value") if isinstance(limit, dict) else limit


def opened(watched: Watched, url: str) -> tuple[Page, Connection]:
    """The page at `url`, marked: a mark is lost when the document is loaded again."""
    page = watched.context.new_page()
    connection = Connection()
    page.on("request", connection.heard)
    page.on("pageerror", lambda error: watched.problems.append(str(error)))
    page.goto(url)
    page.evaluate("window.mark = 1")
    return page, connection


def test_views_change_without_loading_the_page_again(
    site: Site, api: OperatorDouble, db: firestore.Client, watched: Watched
) -> None:
    documents.stream(db, state="idle", session=None)
    page, connection = opened(watched, site.page())
    page.get_by_role("link", name=NAME).click()
    expect(page).to_have_title(f"{NAME} · Media Analyzer")
    page.get_by_role("link", name="Upload").click()
    expect(page.get_by_role("heading", name="Upload a video")).to_be_visible()
    expect(page).to_have_title(f"{NAME} · Upload · Media Analyzer")
    page.get_by_role("link", name="Health").click()
    expect(page.get_by_role("heading", name="Health")).to_be_visible()
    expect(page).to_have_title("Health · Media Analyzer")
    page.go_back()
    expect(page.get_by_role("heading", name="Upload a video")).to_be_visible()
    expect(page).to_have_title(f"{NAME} · Upload · Media Analyzer")
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", name="Streams")).to_be_visible()
    page.go_forward()
    expect(page).to_have_url(site.page(f"?stream={documents.STREAM}"))
    expect(page).to_have_title(f"{NAME} · Media Analyzer")
    assert page.evaluate("window.mark") == 1
    assert connection.opened == 1


def test_listeners_of_a_view_that_is_left_are_closed(
    site: Site, api: OperatorDouble, db: firestore.Client, watched: Watched
) -> None:
    documents.stream(db, state="idle", session=None)
    page, connection = opened(watched, site.page())
    expect(page.get_by_role("link", name=NAME)).to_be_visible()
    until(page, lambda: WALL in connection.listened, "the wall")
    before = connection.listened
    for name in ("Explore", "Brands", "Health", "Settings"):
        page.get_by_role("navigation", name="Views").get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
        until(page, lambda: WALL not in connection.listened, "the wall's end")
    page.go_back()
    expect(page.get_by_role("heading", name="Health", exact=True)).to_be_visible()
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Streams").click()
    page.get_by_role("link", name=NAME).click()
    until(page, lambda: ("streams", None) in connection.listened, "the stream")
    page.get_by_role("link", name="All streams").click()
    until(page, lambda: connection.listened == before, "the wall alone")
    assert page.evaluate("window.mark") == 1


def test_the_focus_goes_to_the_content_and_back_to_where_it_was_scrolled(
    site: Site, api: OperatorDouble, db: firestore.Client, watched: Watched
) -> None:
    for number in range(40):
        db.document(f"streams/camera-{number:02}").set(
            {"tenant": "main", "name": f"Camera {number:02}", "state": "idle"}
        )
    page, _ = opened(watched, site.page())
    last = page.get_by_role("link", name="Camera 39")
    last.scroll_into_view_if_needed()
    until(page, lambda: page.evaluate("window.scrollY") > 500, "the last stream in view")
    # A tile finds its height some frames after it is first seen: a user clicks after that.
    scrolled = last.evaluate("""async (link) => {
        let top = NaN
        for (let still = 0; still < 10; await new Promise(requestAnimationFrame)) {
            still = top === window.scrollY ? still + 1 : 0
            top = window.scrollY
        }
        link.click()
        return top
    }""")
    expect(page.get_by_role("heading", name="Camera 39")).to_be_visible()
    assert page.evaluate("window.scrollY") == 0
    assert page.evaluate("document.querySelector('ma-app').shadowRoot.activeElement.tagName") == "MAIN"
    page.go_back()
    expect(last).to_be_in_viewport()
    until(page, lambda: abs(page.evaluate("window.scrollY") - scrolled) < 2, "where it was scrolled to")


def test_a_link_with_a_modifier_opens_a_tab_of_its_own(
    site: Site, api: OperatorDouble, db: firestore.Client, watched: Watched
) -> None:
    documents.stream(db, state="idle", session=None)
    page, _ = opened(watched, site.page())
    with watched.context.expect_page() as opening:
        page.get_by_role("link", name=NAME).click(modifiers=["ControlOrMeta"])
    expect(opening.value).to_have_url(site.page(f"?stream={documents.STREAM}"))
    expect(page).to_have_url(site.page())
    expect(page.get_by_role("heading", name="Streams")).to_be_visible()


def test_unsaved_changes_are_left_only_after_a_question(
    site: Site, operator: OperatorDouble, db: firestore.Client, watched: Watched
) -> None:
    page, _ = opened(watched, site.page())
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("checkbox", name="Faces").check()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Brands", exact=True).click()
    page.evaluate("history.back()")
    until(page, lambda: len(asked) == 2, "two questions")
    expect(page).to_have_url(site.page("?view=settings"))
    expect(page.get_by_role("checkbox", name="Faces")).to_be_checked()
    assert set(asked) == {"Leave without saving the settings that you changed?"}
    page.remove_listener("dialog", stay)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Brands", exact=True).click()
    expect(page.get_by_role("heading", name="There are no brands yet")).to_be_visible()
    assert page.evaluate("window.mark") == 1


def test_a_part_that_a_new_version_has_replaced_is_reached_by_loading_the_page_again(
    site: Site, api: OperatorDouble, db: firestore.Client, watched: Watched
) -> None:
    page, _ = opened(watched, site.page())
    page.route("**/assets/brands-*.js", lambda route: route.abort(), times=1)
    page.get_by_role("link", name="Brands", exact=True).click()
    expect(page.get_by_role("heading", name="There are no brands yet")).to_be_visible()
    expect(page).to_have_url(site.page("?view=brands"))
    assert page.evaluate("window.mark") is None


def test_a_part_that_cannot_be_reached_leaves_a_notice_and_the_way_to_the_other_views(
    site: Site, api: OperatorDouble, db: firestore.Client, watched: Watched
) -> None:
    page, _ = opened(watched, site.page())
    expect(page.get_by_role("heading", name="There is no stream yet")).to_be_visible()
    for address in ("**/assets/brands-*.js", "**/index.html"):
        page.route(address, lambda route: route.abort())
    page.get_by_role("link", name="Brands", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("A part of this page could not be loaded")
    page.get_by_role("link", name="Health", exact=True).click()
    expect(page.get_by_role("heading", name="Health", exact=True)).to_be_visible()
    assert page.evaluate("window.mark") == 1
