"""Quotas on the page: shown before they are hit, and changed by those who may."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles import quotas
from tests.web.doubles.answers import Answers
from tests.web.doubles.api_double import refused
from tests.web.doubles.site import Site
from tests.web.views import look

STREAM = f"/streams/{documents.STREAM}/quotas"


@pytest.fixture
def api(site: Site, db: firestore.Client) -> Iterator[Answers]:
    double = Answers()
    double.quotas = True
    assert site.config
    site.config["apiUrl"] = double.url
    double.said["GET", "/quotas"] = (200, quotas.tenant())
    double.said["GET", STREAM] = (200, quotas.stream(documents.STREAM))
    yield double
    double.close()


def test_an_administrator_sees_what_is_used_and_changes_a_limit(
    site: Site, api: Answers, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("503",)
    page = watched.open(site.page("?view=quotas"))
    meters = page.locator("ma-quota-meters")
    expect(meters.get_by_role("listitem")).to_have_count(7)
    expect(meters).to_contain_text("$3.70 of $1000.00")
    expect(meters.get_by_role("meter", name="Cost a day")).to_have_attribute("title", "$3.70 of $1000.00")
    look(page, screenshots, "quotas")
    save = page.get_by_role("button", name="Save the limits")
    save.click()
    expect(page.get_by_role("status").filter(has_text="These are the limits already.")).to_be_visible()
    api.said["PATCH", "/quotas"] = refused(503, "a Google API did not answer")
    field = page.get_by_label("Cost a day ($)")
    field.fill("50")
    save.click()
    expect(page.get_by_role("alert")).to_have_text("Nothing was changed: a Google API did not answer")
    lower = quotas.tenant()
    lower["limits"]["usd_day"] = 50.0
    api.said["PATCH", "/quotas"] = (200, lower)
    save.click()
    expect(page.get_by_role("status").filter(has_text="Saved")).to_be_visible()
    expect(meters).to_contain_text("$3.70 of $50.00")


def test_an_api_that_is_away_is_said_and_asked_again(site: Site, api: Answers, watched: Watched) -> None:
    watched.expected = ("503",)
    api.said["GET", "/quotas"] = refused(503, "a Google API did not answer")
    page = watched.open(site.page("?view=quotas"))
    expect(page.get_by_text("The quotas cannot be read")).to_be_visible()
    api.said["GET", "/quotas"] = (200, quotas.tenant())
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quotas")


def test_a_stream_s_page_warns_before_a_limit_is_hit_and_shows_what_the_day_will_cost(
    site: Site, db: firestore.Client, api: Answers, watched: Watched, screenshots: Path
) -> None:
    documents.stream(db, state="live")
    documents.session(db)
    watched.expected = ("404",)  # there is no playlist
    api.said["GET", STREAM] = (
        200,
        quotas.stream(
            documents.STREAM,
            used={"media_seconds_today": 3_600.0 * 170, "frames_today": 90, "usd_today": 50.0},
            forecast={"usd_per_hour": 2.5, "usd_day": 80.0, "budget_at": None},
        ),
    )
    page = watched.open(site.page(f"?stream={documents.STREAM}"))
    banner = page.locator("ma-problems").filter(has_text="of today’s 200 h of media are used")
    expect(banner.get_by_role("listitem")).to_contain_text("170 h of today’s 200 h of media are used")
    expect(page.locator("ma-quota-panel")).to_contain_text("At $2.50 an hour the day will cost $80.00.")
    look(page, screenshots, "watch-quotas")


def test_an_operator_sets_the_budget_of_a_stream(
    site: Site, db: firestore.Client, api: Answers, watched: Watched
) -> None:
    documents.stream(db)
    watched.expected = ("404",)  # of the stream's key, which nothing is said of here
    page = watched.open(site.page(f"?view=manage&stream={documents.STREAM}"))
    limits = {"media_hours_day": 200.0, "frames_day": 100_000, "usd_day": 5.0}
    api.said["PATCH", STREAM] = (200, quotas.stream(documents.STREAM, limits=limits))
    page.get_by_label("Cost a day ($)").fill("5")
    page.get_by_role("button", name="Save the limits").click()
    expect(page.locator("ma-quota-meters")).to_contain_text("$3.70 of $5.00")
    assert ("PATCH", STREAM) in api.asked
