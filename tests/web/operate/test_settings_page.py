"""The page of settings: what holds and why, that only what was changed is sent, and what the gate makes of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.web.conftest import Watched
from tests.web.data import operating
from tests.web.data.operating import brand, looked_at
from tests.web.doubles.operator_double import NOTHING, OperatorDouble
from tests.web.doubles.site import Site
from tests.web.views import look

STREAM = operating.STREAM


@pytest.fixture
def operator(api: OperatorDouble, db: firestore.Client, site: Site) -> OperatorDouble:
    """Of whom an administrator asks; some brands and providers."""
    for name in ("Velox", "Nordlys", "Zenith"):
        brand(db, site, name)
    db.document("providers/vision").set({"state": "ok", "model": "builtin/stable"})
    db.document("providers/clip").set({"state": "open", "last_error": "the CLIP service did not answer: Timeout"})
    return api


def open_page(watched: Watched, site: Site, query: str = "?view=settings") -> Page:
    return watched.open(site.page(query))


def of_stream(watched: Watched, site: Site) -> Page:
    return open_page(watched, site, f"?stream={STREAM}&settings")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="No changes")).to_be_visible()


def sent(operator: OperatorDouble) -> list[Any]:
    return [body for method, _, body in operator.asked if method == "PATCH"]


def test_a_stranger_is_asked_to_sign_in_and_sees_nothing_of_it(
    site: Site, db: firestore.Client, api: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    looked_at(db, site, 30)
    api.people.signed_in = None
    page = open_page(watched, site)
    expect(page.get_by_text("To see and change how streams are analysed, sign in as an operator")).to_be_visible()
    expect(page.locator("ma-gate")).to_have_count(0)
    look(page, screenshots, "settings-stranger")


def test_what_holds_is_shown_as_the_default(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    page = open_page(watched, site)
    expect(page.get_by_role("checkbox", name="Logos")).to_be_checked()
    expect(page.get_by_role("checkbox", name="Faces")).not_to_be_checked()
    expect(page.get_by_label("Threshold for text, in percent")).to_have_value("50")
    expect(page.get_by_label("What counts as new, % of the picture")).to_have_value("0.1")
    expect(page.get_by_label("Budget, an hour")).to_have_value("900")
    expect(page.get_by_role("button", name="Save")).to_be_disabled()
    expect(page.locator("ma-gate")).to_contain_text("Nothing has been streamed yet")
    look(page, screenshots, "settings")


def test_only_what_was_changed_is_sent_and_what_is_taken_back_is_null(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    operator.stored |= {"threshold": {"text": 0.8}, "sampling": {"maximum_interval": 10.0, "change": 0.002}}
    page = open_page(watched, site)
    page.get_by_role("checkbox", name="Faces").check()
    page.get_by_label("Threshold for logos, in percent").fill("65")
    page.get_by_label("Threshold for logos, in percent").press("Tab")
    page.get_by_role("button", name="use the default 50 %").last.click()
    page.get_by_role("button", name="use the default 20").click()
    page.get_by_role("checkbox", name="Velox").check()
    expect(page.get_by_text("5 settings are changed.")).to_be_visible()
    save(page)
    [patch] = sent(operator)
    assert patch == {
        "kinds": ["logo", "text", "face"],
        "threshold": {"logo": 0.65, "text": None},
        "sampling": {"maximum_interval": None},
        "brands": ["velox"],
    }
    expect(page.locator("ma-change-status")).to_contain_text("No stream is live")


def test_what_is_said_is_transcribed_once_somebody_wants_it(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    page = open_page(watched, site)
    section, languages = page.locator("ma-speech-section"), page.get_by_label("Languages that are spoken")
    wanted = section.get_by_role("checkbox", name="Transcribe")
    expect(wanted).not_to_be_checked()
    expect(languages).to_have_value("en-US")
    wanted.check()
    languages.fill("de-DE, en-GB")
    languages.press("Tab")
    save(page)
    assert sent(operator) == [{"speech": {"enabled": True, "languages": ["de-DE", "en-GB"]}}]
    languages.fill("")
    languages.press("Tab")
    expect(languages).to_have_value("en-US")
    section.get_by_role("button", name="use the default off").click()
    expect(wanted).not_to_be_checked()
    save(page)
    assert sent(operator)[1:] == [{"speech": {"enabled": None, "languages": None}}]


def test_what_is_being_typed_is_left_alone_and_a_field_that_is_emptied_shows_the_default(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    operator.stored |= {"threshold": {"logo": 0.8}}
    page = open_page(watched, site)
    field = page.get_by_label("Threshold for logos, in percent")
    expect(field).to_have_value("80")
    field.fill("7")
    db.document("providers/vision").set({"state": "failing"})
    expect(page.locator("ma-provider-order").first).to_contain_text("failing")
    expect(field).to_have_value("7")
    field.fill("")
    field.press("Tab")
    expect(field).to_have_value("50")
    save(page)
    assert sent(operator) == [{"threshold": {"logo": None}}]


def test_providers_are_ordered_by_the_keyboard_and_their_state_is_live(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    page = open_page(watched, site)
    logos = page.get_by_role("list", name="Who looks for logos, the preferred one first")
    expect(logos.get_by_role("listitem")).to_have_count(1)
    expect(logos).to_contain_text("Cloud Vision")
    page.get_by_role("button", name="+ CLIP").click()
    page.get_by_role("button", name="+ Gallery").click()
    expect(logos).to_contain_text("left alone after failures")
    page.get_by_role("button", name="Move Gallery for logos up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move Gallery for logos up")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move Gallery for logos down")).to_be_focused()
    db.document("providers/clip").set({"state": "ok"})
    expect(logos.get_by_text("left alone after failures")).to_have_count(0)
    look(page, screenshots, "settings-providers")
    save(page)
    assert sent(operator) == [{"providers": {"logo": ["gallery", "vision", "clip"]}}]


def test_objects_are_named_in_words_once_owlv2_looks_for_them(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    operator.stored |= {"words": {"object": ["car"]}}
    page = open_page(watched, site)
    page.get_by_role("checkbox", name="Objects").check()
    words = page.get_by_label("Words for objects")
    expect(words).to_have_count(0)
    page.get_by_role("list", name="Who looks for objects, the preferred one first").wait_for()
    page.get_by_role("button", name="+ OWLv2").last.click()
    expect(words).to_have_value("car")
    words.fill("hard hat, forklift")
    words.press("Tab")
    save(page)
    assert sent(operator) == [
        {
            "kinds": ["logo", "text", "object"],
            "providers": {"object": ["vision", "owl"]},
            "words": {"object": ["hard hat", "forklift"]},
        }
    ]
    words.fill("")
    words.press("Tab")
    save(page)
    assert sent(operator)[1:] == [{"words": {"object": None}}]


def test_a_worker_of_the_lan_is_added_and_preferred_and_its_key_is_gone_from_the_page(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    page = open_page(watched, site)
    section = page.locator("ma-own-providers-section")
    section.get_by_label("Name").fill("lan-worker")
    section.get_by_label("Address").fill("http://10.0.0.5:8080")
    section.get_by_label("Key, if it wants one").fill("a-key-of-a-worker")
    section.get_by_label("Least confidence, %").fill("60")
    section.get_by_role("button", name="Add").click()
    expect(section).to_contain_text("clip · http://10.0.0.5:8080 · 60 % and up · with a key")
    own = {"type": "clip", "address": "http://10.0.0.5:8080", "key": "a-key-of-a-worker", "threshold": 0.6}
    assert sent(operator) == [{"own_providers": {"lan-worker": own}}]
    expect(section.get_by_label("Key, if it wants one")).to_have_value("")
    assert "a-key-of-a-worker" not in page.evaluate("document.body.getHTML({serializableShadowRoots: true})")
    look(page, screenshots, "settings-own-providers")
    page.get_by_role("button", name="+ lan-worker").click()
    save(page)
    assert sent(operator)[1:] == [{"providers": {"logo": ["vision", "lan-worker"]}}]
    section.get_by_role("button", name="take away lan-worker").click()
    expect(section).not_to_contain_text("with a key")
    assert sent(operator)[2:] == [{"own_providers": {"lan-worker": None}}]


def test_what_the_api_refuses_of_an_own_provider_is_said_there(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    watched.expected = ("400",)
    reason = "'own_providers.lan.address' must be public: 10.0.0.5 has a private address (placesPrivate allows others)"
    operator.refusals["PATCH", "/config/analysis"] = (400, reason)
    page = open_page(watched, site)
    section = page.locator("ma-own-providers-section")
    section.get_by_label("Name").fill("lan")
    section.get_by_label("Address").fill("http://10.0.0.5")
    section.get_by_role("button", name="Add").click()
    expect(section.get_by_role("alert")).to_have_text(reason)
    expect(section.get_by_label("Address")).to_have_value("http://10.0.0.5")


def test_a_refusal_is_shown_at_the_field_that_it_names(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("400",)
    reason = "'sampling.minimum_interval' must not be longer than 'sampling.maximum_interval'"
    operator.refusals["PATCH", "/config/analysis"] = (400, reason)
    page = open_page(watched, site)
    field = page.get_by_label("Shortest wait, s")
    field.fill("30")
    field.press("Tab")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("ma-sampling-section").get_by_role("alert")).to_have_text(reason)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("30")
    look(page, screenshots, "settings-refused")
    page.get_by_role("button", name="Discard").click()
    expect(field).to_have_value("1")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_what_somebody_else_has_changed_meanwhile_stays(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    watched.expected = ("409",)
    page = open_page(watched, site)
    page.get_by_label("Threshold for logos, in percent").fill("70")
    page.get_by_label("Threshold for logos, in percent").press("Tab")
    operator.stored["threshold"] = {"text": 0.9}
    operator.refusals["PATCH", "/config/analysis"] = (409, "the configuration was changed meanwhile")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("with your changes on top: save again")
    expect(page.get_by_label("Threshold for text, in percent")).to_have_value("90")
    expect(page.get_by_label("Threshold for logos, in percent")).to_have_value("70")
    save(page)
    assert operator.stored["threshold"] == {"text": 0.9, "logo": 0.7}


def test_a_stream_shows_what_it_overrides_and_can_take_it_back(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    looked_at(db, site, 30)
    operator.stored |= {"threshold": {"logo": 0.6}}
    operator.streams[STREAM] = {**NOTHING, "threshold": {"logo": 0.8}, "sampling": {"calls_per_hour": 360.0}}
    page = of_stream(watched, site)
    expect(page.get_by_label("Threshold for logos, in percent")).to_have_value("80")
    expect(page.locator("ma-gate")).to_contain_text("Budget")
    expect(page.locator("ma-gate")).to_contain_text("360 an hour")
    look(page, screenshots, "settings-stream")
    page.get_by_role("button", name="use the default 60 %").click()
    expect(page.get_by_label("Threshold for logos, in percent")).to_have_value("60")
    # Another page sets what this one does not know yet.
    operator.streams[STREAM]["brands"] = ["nordlys"]
    save(page)
    [settings] = [body["settings"] for body in sent(operator)]
    assert settings == {**NOTHING, "sampling": {"calls_per_hour": 360.0}, "brands": ["nordlys"]}


def test_a_refusal_for_a_stream_finds_its_field_too(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    watched.expected = ("400",)
    looked_at(db, site, 2)
    reason = "'settings.threshold.logo' must be a number from 0 to 1"
    operator.refusals["PATCH", f"/streams/{STREAM}"] = (400, reason)
    page = of_stream(watched, site)
    page.get_by_label("Threshold for logos, in percent").fill("700")
    page.get_by_label("Threshold for logos, in percent").press("Tab")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("ma-kinds-section").get_by_role("alert")).to_have_text(reason)


def test_the_gate_is_seen_at_work(
    site: Site, db: firestore.Client, api: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    looked_at(db, site, 80)
    page = of_stream(watched, site)
    gate = page.locator("ma-gate")
    chart = gate.get_by_role("img", name="Motion and frames sent on in the last 2:00")
    expect(chart.locator("> div")).to_have_count(60)
    expect(chart.locator("> div").last).to_have_attribute("title", re.compile("^2:38: 10 looks, 1 sent on, motion"))
    expect(gate.get_by_role("list", name="Frames sent on, newest first").get_by_role("listitem")).to_have_count(9)
    operating.segment(db, 80, revision="r1")
    operating.frame(db, site, 160_200, "cut")
    newest = gate.get_by_role("list", name="Frames sent on, newest first").get_by_role("listitem").first
    expect(newest).to_have_text(re.compile(r"^\s*2:40\.20\s*cut\s*$"))
    look(page, screenshots, "settings-gate")


def test_it_says_when_the_stream_has_taken_a_change_up(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    looked_at(db, site, 4, revision="before")
    page = of_stream(watched, site)
    expect(page.locator("ma-gate .chart")).to_be_visible()
    page.get_by_role("checkbox", name="Faces").check()
    save(page)
    expect(page.locator("ma-change-status")).to_contain_text("will use it from one of the next segments")
    operating.segment(db, 4, revision="after")
    expect(page.locator("ma-change-status")).to_contain_text("in force")


def test_an_api_that_is_away_is_said_and_tried_again(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("net::ERR_",)
    page = open_page(watched, site, "")
    expect(page.get_by_role("heading", name="There is no stream yet")).to_be_visible()
    operator.down = True
    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="The settings cannot be read")).to_be_visible()
    look(page, screenshots, "settings-unreachable")
    operator.down = False
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("checkbox", name="Logos")).to_be_checked()


def test_changes_are_not_lost_by_leaving(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    page = open_page(watched, site)
    page.get_by_role("checkbox", name="Faces").check()
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(page.get_by_role("checkbox", name="Faces")).to_be_checked()
