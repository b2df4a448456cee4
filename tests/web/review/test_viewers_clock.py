"""A viewer whose clock is wrong sees the states, alarms and countdowns that others see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.data import running
from tests.web.doubles.answers import Answers
from tests.web.doubles.site import Site

CLOCK = """(() => {
    const Right = Date
    globalThis.Date = class extends Right {
        constructor(...given) {
            if (given.length === 0) super(Right.now() + %(off)d)
            else super(...given)
        }
        static now() { return Right.now() + %(off)d }
    }
})()"""


@pytest.fixture
def api(site: Site) -> Iterator[Answers]:
    double = Answers()
    assert site.config
    site.config["apiUrl"] = double.url
    double.said["GET", "/dead-letters"] = (200, {"dead_letters": [], "more": False})
    yield double
    double.close()


@pytest.mark.parametrize("off", [600, -7200], ids=["ten minutes fast", "two hours slow"])
def test_neither_alarms_nor_countdowns_follow_the_viewers_clock(
    site: Site, db: firestore.Client, watched: Watched, api: Answers, off: int
) -> None:
    watched.context.add_init_script(CLOCK % {"off": off * 1000})
    running.stream(db, "arena", "Arena")
    running.session(db, "arena")
    db.document(f"streams/arena/sessions/{running.SESSION}/frames/{58000:010d}").update({"analyses": {}})
    running.stream(db, "paddock", "Paddock", age=45)
    running.session(db, "paddock", age=45)
    until = running.now() + timedelta(seconds=600)
    running.stream(db, "gate", "Gate", state="reconnecting", session=None, reconnect_until=until)
    page = watched.open(site.page("?view=health"))
    assert page.evaluate("Math.abs(Date.now() - performance.timeOrigin - performance.now())") > 500_000
    problems = page.locator("ma-problems li")
    expect(problems.filter(has_text=re.compile(r"Paddock: no segment for (4|5)\d s"))).to_be_visible()
    db.document("streams/arena").update({"last_segment_at": running.now()})
    expect(problems.filter(has_text="Arena")).to_have_count(0)
    page.goto(site.page("?stream=gate"))
    expect(page.locator("ma-countdown")).to_have_text(re.compile(r"returns within 5\d\d s"))
