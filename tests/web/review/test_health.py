"""Health: figures of what runs, problems in words, providers, and dead letters that are tried again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.conftest import Firestore, Watched
from tests.web.data import running
from tests.web.doubles.answers import Answers
from tests.web.doubles.people import known, member
from tests.web.doubles.proxy import Proxy
from tests.web.doubles.site import Site
from tests.web.views import look


@pytest.fixture
def api(site: Site) -> Iterator[Answers]:
    double = Answers()
    assert site.config
    site.config["apiUrl"] = double.url
    double.said["GET", "/dead-letters"] = (200, {"dead_letters": [], "more": False})
    yield double
    double.close()


def health(watched: Watched, site: Site) -> Page:
    return watched.open(site.page("?view=health"))


def letters(api: Answers, *found: dict[str, Any]) -> None:
    api.said["GET", "/dead-letters"] = (200, {"dead_letters": list(found), "more": False})


def test_where_nothing_runs_it_says_so(
    site: Site, db: firestore.Client, watched: Watched, api: Answers, screenshots: Path
) -> None:
    page = health(watched, site)
    expect(page.get_by_role("heading", name="No stream runs now")).to_be_visible()
    expect(page.locator("ma-health-providers")).to_contain_text("No provider has been called yet")
    expect(page.get_by_text("All is well")).to_be_visible()
    expect(page.get_by_role("navigation").get_by_text("Health")).to_have_attribute("aria-current", "page")
    look(page, screenshots, "health-nothing")


def test_all_is_well_and_the_figures_are_those_of_the_documents(
    site: Site, db: firestore.Client, watched: Watched, api: Answers, screenshots: Path
) -> None:
    for id, name in (("arena", "Arena, main camera"), ("paddock", "Paddock")):
        running.stream(db, id, name)
        running.session(db, id, repaired=2 if id == "arena" else 0, dropped=13 if id == "arena" else 0)
    running.provider(db, "vision")
    running.provider(db, "clip", model="openai/clip-vit-base-patch32", device="cuda", queue=3)
    page = health(watched, site)
    card = page.locator("ma-health-stream").filter(has_text="Arena")
    expect(card.locator("tbody tr")).to_have_count(4)
    shown = card.locator("dl div").all_inner_texts()
    assert {text.replace("\n", " ") for text in shown} >= {
        "Ingest 1.00 ×",
        "Bit rate 4.8 Mbit/s",
        "Clock repaired 2",
        "Dropped 13",
        "Breaks 1",
    }
    rows = {row[0]: row[1:] for row in table(card.locator("table"))}
    assert rows["Stored → sampled"][:2] == ["190 ms", "240 ms"]
    assert rows["Sampled → logo CLIP"] == ["400 ms", "400 ms", "310 ms", "0", "0"]
    assert rows["Sampled → text Cloud Vision"] == ["600 ms", "600 ms", "480 ms", "0", "0"]
    assert rows["Stored → all results"][:2] == ["700 ms", "700 ms"]
    expect(page.locator("ma-dead-letters")).to_contain_text("None. Every event was handled")
    expect(page.get_by_text("All is well")).to_be_visible()
    look(page, screenshots, "health-well")


def table(found: Any) -> list[list[str]]:
    rows = found.locator("tbody tr").all()
    return [[" ".join(cell.split()) for cell in row.locator("td").all_inner_texts()] for row in rows]


def test_what_goes_wrong_is_said_in_words_with_what_to_do(
    site: Site, db: firestore.Client, watched: Watched, api: Answers, screenshots: Path
) -> None:
    running.stream(db, "arena", "Arena, main camera", age=45)
    running.session(db, "arena", age=45)
    running.stream(db, "paddock", "Paddock")
    running.session(db, "paddock", count=40, sampled=25)
    running.stream(db, "tower", "Tower", state="error", error="no keyframe within 10 s", session=None)
    running.stream(db, "gate", "Gate", state="reconnecting", session=None)
    running.provider(db, "vision", "failing", last_error="429: Quota exceeded.", last_error_at=running.now())
    running.provider(db, "clip", "open", last_error="503: no answer in 20 s.", last_error_at=running.now())
    letters(api, running.letter(7), running.letter(3, error=None, reason=None, attempts=None, retries=2))
    page = health(watched, site)
    problems = page.locator("ma-problems li")
    expect(problems.filter(has_text="Arena, main camera: no segment for 4")).to_contain_text("encoder")
    expect(problems.filter(has_text="Paddock: sampling is 30 s behind")).to_contain_text("15 segments wait")
    expect(problems.filter(has_text="Tower broke off: no keyframe within 10 s")).to_be_visible()
    expect(problems.filter(has_text="Gate: the sender has gone away")).to_be_visible()
    expect(problems.filter(has_text="CLIP fails and is left alone for now")).to_contain_text("no answer in 20 s")
    expect(problems.filter(has_text="Cloud Vision fails now and then")).to_contain_text("Quota exceeded")
    expect(problems.filter(has_text="2 events were given up on")).to_be_visible()
    expect(page.locator(".verdict")).to_have_text("7 problems")
    expect(page.locator("ma-health-stream").filter(has_text="Arena").locator("dd").first).to_have_text("0.00 ×")
    look(page, screenshots, "health-wrong")


def test_a_problem_that_comes_while_one_looks_on_raises_a_note(
    site: Site, db: firestore.Client, watched: Watched, api: Answers, screenshots: Path
) -> None:
    running.stream(db, "arena", "Arena")
    running.session(db, "arena")
    running.provider(db, "vision")
    page = health(watched, site)
    expect(page.get_by_role("region", name="Streams that run")).to_have_attribute("aria-busy", "false")
    expect(page.locator("ma-toasts div")).to_have_count(0)
    running.provider(db, "vision", "open", last_error="503", last_error_at=running.now())
    note = page.locator("ma-toasts div")
    expect(note).to_contain_text("Cloud Vision fails and is left alone")
    look(page, screenshots, "health-note")
    page.get_by_role("button", name="Dismiss").click()
    expect(note).to_have_count(0)


def test_frames_that_wait_for_results_are_counted_by_kind(
    site: Site, db: firestore.Client, watched: Watched, api: Answers
) -> None:
    running.stream(db, "arena", "Arena")
    running.session(db, "arena", age=20)
    late = db.document(f"streams/arena/sessions/{running.SESSION}/frames/{58000:010d}")
    late.update({"analyses": {"text": running.analysis("vision", 0, running.now(), "429: Quota exceeded.")}})
    page = health(watched, site)
    problem = page.locator("ma-problems li")
    expect(problem.filter(has_text="Arena: one frame waits for results, the oldest for 2")).to_be_visible()
    rows = {row[0]: row for row in table(page.locator("ma-health-stream table"))}
    assert rows["Sampled → logo CLIP"][-2:] == ["0", "1"]
    assert rows["Sampled → text Cloud Vision"][-2:] == ["1", "1"]


def test_a_dead_letter_is_tried_again_or_discarded(
    site: Site, db: firestore.Client, watched: Watched, api: Answers, screenshots: Path
) -> None:
    watched.expected = ("503",)
    one, other = running.letter(7), running.letter(8, object="frames/arena/x/0000001000.jpg", error="QuotaExceeded")
    letters(api, one, other)
    page = health(watched, site)
    panel = page.locator("ma-dead-letters")
    expect(panel).to_contain_text("the segment is not MPEG-TS")
    expect(panel).to_contain_text("Poison · dev-segments · 4 minutes ago · tried 5 times")
    look(page, screenshots, "health-letters")

    retry = ("POST", f"/dead-letters/{one['id']}/retry")
    api.said[retry] = (503, {"title": "Unavailable", "detail": "Pub/Sub did not answer"})
    again = panel.get_by_role("button", name=f"Try again {one['object']}")
    again.click()
    expect(panel.get_by_role("alert")).to_have_text("Pub/Sub did not answer")
    expect(panel.locator("li")).to_have_count(2)

    api.said[retry] = (202, {"dead_letter": one})
    letters(api, other)
    again.click()
    expect(panel.get_by_role("status")).to_contain_text("00000007.ts was sent again")
    expect(panel.locator("li")).to_have_count(1)

    discard = ("DELETE", f"/dead-letters/{other['id']}")
    api.said[discard] = (204, None)
    letters(api)
    panel.get_by_role("button", name="Discard").click()
    expect(panel).to_contain_text("None. Every event was handled")
    assert [call for call in api.asked if call in (retry, discard)] == [retry, retry, discard]


def test_all_dead_letters_are_tried_again_a_hundred_at_a_time(
    site: Site, db: firestore.Client, watched: Watched, api: Answers
) -> None:
    letters(api, running.letter(7), running.letter(8))
    page = health(watched, site)
    bulk = ("POST", "/dead-letters/retry")
    api.said[bulk] = (202, {"sent": 2, "left": 0})
    panel = page.locator("ma-dead-letters")
    letters_before = panel.locator("li")
    expect(letters_before).to_have_count(2)
    letters(api)
    panel.get_by_role("button", name="Try all 2 again").click()
    expect(panel.get_by_role("status")).to_have_text("2 were sent again. Those that fail again come back here.")
    expect(panel).to_contain_text("None. Every event was handled")
    assert [call for call in api.asked if call == bulk] == [bulk]


def test_health_is_seen_without_what_only_the_deployment_s_operators_see(
    site: Site, db: firestore.Client, watched: Watched, api: Answers, screenshots: Path
) -> None:
    api.people.signed_in = known(db, member("publisher"))
    running.stream(db, "arena", "Arena")
    running.session(db, "arena")
    page = health(watched, site)
    expect(page.locator("ma-health-stream")).to_contain_text("Stored → all results")
    expect(page.get_by_text("Its operators see them")).to_be_visible()
    expect(page.locator("ma-dead-letters")).to_have_count(0)
    assert ("GET", "/dead-letters") not in api.asked
    look(page, screenshots, "health-publisher")


def test_an_api_that_does_not_answer_is_named(
    site: Site, db: firestore.Client, watched: Watched, api: Answers, screenshots: Path
) -> None:
    watched.expected = ("ERR_", "503")
    api.said["GET", "/dead-letters"] = (503, {"title": "Unavailable", "detail": "a Google API did not answer: away"})
    page = health(watched, site)
    expect(page.locator("ma-dead-letters").get_by_role("alert")).to_contain_text("a Google API did not answer: away")
    look(page, screenshots, "health-no-api")


def test_while_the_database_is_away_it_says_that_it_shows_what_was(
    site: Site,
    db: firestore.Client,
    emulator_process: Firestore,
    watched: Watched,
    api: Answers,
    screenshots: Path,
) -> None:
    watched.expected = ("ERR_", "Could not reach Cloud Firestore")
    proxy = Proxy(emulator_process.port)
    assert site.config
    site.config["firestoreEmulator"] = f"127.0.0.1:{proxy.port}"
    running.stream(db, "arena", "Arena")
    running.session(db, "arena")
    page = health(watched, site)
    expect(page.locator("ma-health-stream")).to_contain_text("Stored → all results")
    proxy.cut()
    expect(page.locator(".banner")).to_contain_text("The database cannot be reached", timeout=100_000)
    look(page, screenshots, "health-offline")
    proxy.mend()
    expect(page.locator(".banner")).to_have_count(0, timeout=100_000)
    proxy.close()


def test_a_stream_s_own_page_says_that_nothing_arrives(
    site: Site, db: firestore.Client, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("404",)
    running.stream(db, "arena", "Arena", age=45)
    running.session(db, "arena", age=45)
    running.provider(db, "vision", "open", last_error="429: Quota exceeded.")
    page = watched.open(site.page("?stream=arena"))
    problems = page.locator("ma-problems li")
    expect(problems.filter(has_text="Arena: no segment for 4")).to_be_visible()
    expect(problems.filter(has_text="Cloud Vision fails and is left alone")).to_be_visible()
    look(page, screenshots, "watch-stalled")
    running.stream(db, "arena", "Arena", age=0)
    expect(problems.filter(has_text="no segment")).to_have_count(0)
