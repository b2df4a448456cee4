"""Reports: exposure in a table and a chart, what it cost, and both to keep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore
from playwright.sync_api import Page, expect
from tests.unit.reports.sessions import look as look_at
from tests.unit.reports.sessions import seen, session
from tests.web.conftest import Watched
from tests.web.data import running
from tests.web.doubles.answers import Answers
from tests.web.doubles.site import Site
from tests.web.views import look

from pipeline.reports.measures.reading import Reading
from pipeline.reports.sponsor.report import Part, Report

STREAM, EARLIER = "arena", "20260228T090000Z-0ld000"
LABELS = {"Nike": 0.052, "Adidas": 0.031, "Red Bull": 0.018, "Heineken": 0.009}
UNTIL = 600.0


@pytest.fixture
def api(site: Site, db: firestore.Client) -> Iterator[Answers]:
    """A stream with two sessions, and reports of the newer one."""
    double = Answers()
    assert site.config
    site.config["apiUrl"] = double.url
    running.stream(db, STREAM, "Arena, main camera", state="ended")
    running.session(db, STREAM, count=2, ended=running.now(), media_seconds=UNTIL)
    earlier = {
        "started": running.now() - timedelta(days=1),
        "ended": running.now(),
        "playlist": "p",
        "media_seconds": 75,
    }
    db.document(f"streams/{STREAM}/sessions/{EARLIER}").set(earlier)
    tell(double, running.SESSION, list(LABELS))
    yield double
    double.close()


def tell(api: Answers, session: str, labels: list[str], *, ended: str | None = "2026-03-01T12:10:00+00:00") -> None:
    """Lays down the reports of a session in which `labels` appear in turn."""
    path = f"/streams/{STREAM}/sessions/{session}"
    exposed = [exposure(label, at, len(labels)) for at, label in enumerate(labels)]
    report = {"kind": "logo", "media_seconds": UNTIL, "ended": ended, "analysed_seconds": UNTIL * 0.98, "until": UNTIL}
    api.said["GET", f"{path}/exposure"] = (200, {"exposure": {**report, "left_out": 0, "labels": exposed}})
    found = [appearance(label, at, turn) for at, label in enumerate(labels) for turn in range(8 - at)]
    api.said["GET", f"{path}/appearances"] = (200, {"appearances": found, "next": None})
    api.said["GET", f"{path}/exposure.csv"] = (200, "label,seconds\r\n" + "".join(f"{one},1\r\n" for one in labels))
    api.said["GET", f"{path}/cost"] = (200, {"cost": {**COST, "ended": ended}})


def exposure(label: str, at: int, count: int) -> dict[str, Any]:
    seconds = 40.0 * (8 - at)
    share = LABELS.get(label, 0.01)
    return {
        "label": label,
        "seconds": seconds,
        "share_of_time": seconds / UNTIL,
        "appearances": 8 - at,
        "continued": 0,
        "first": 5.0 + 11 * at,
        "last": 560.0 + at,
        "first_at": None,
        "last_at": None,
        "share": {"mean": share, "max": share * 1.8, "seconds": seconds * share},
        "confidence": 0.91,
    }


def appearance(label: str, at: int, turn: int) -> dict[str, Any]:
    start = 5.0 + 11 * at + 70 * turn
    width = LABELS.get(label, 0.01) ** 0.5
    track = [
        {"time": start + 4 * step, "box": {"x": 0.1, "y": 0.1, "width": width * (1 + step % 3 / 6), "height": width}}
        for step in range(10)
    ]
    times = {"from": start, "to": start + 40, "seconds": 40.0, "looks": 10, "confidence": 0.9}
    return {
        "id": f"{round(start * 1000):010d}-000",
        "label": label,
        **times,
        "share": {"mean": 0, "max": 0},
        "track": track,
    }


COST: dict[str, Any] = {
    "ended": None,
    "currency": "USD",
    "as_of": "2026-11-23",
    "region": "europe-west1",
    "usage": {
        "media_seconds": UNTIL,
        "segments": 300,
        "frames": 142,
        "calls": [{"provider": "vision", "kind": "logo", "calls": 142, "failed": 3}],
        "busy_seconds": {"vision": 30.1},
        "gpu_seconds": 0,
    },
    "usd": 0.2391,
    "usd_per_hour": 1.4346,
    "lines": [
        {"item": "vision.logo", "quantity": 142, "unit": "images", "usd": 0.213},
        {"item": "run.cpu", "quantity": 780.1, "unit": "vCPU seconds", "usd": 0.018722},
        {"item": "storage.class_a", "quantity": 743, "unit": "operations", "usd": 0.003715},
        {"item": "pubsub.throughput", "quantity": 0.000001646, "unit": "TiB", "usd": 0.000066},
    ],
    "fixed": {"frames_per_second": 1.0, "frames": 600, "usd": 0.9321, "usd_per_hour": 5.5926, "lines": []},
}


def report(watched: Watched, site: Site, more: str = "") -> Page:
    return watched.open(site.page(f"?stream={STREAM}&report{more}"))


def test_a_stranger_is_asked_to_sign_in(site: Site, watched: Watched, api: Answers, screenshots: Path) -> None:
    api.people.signed_in = None
    page = report(watched, site)
    expect(page.get_by_text("To read reports, sign in as a member of this deployment.")).to_be_visible()
    look(page, screenshots, "report-stranger")
    assert all("exposure" not in path for _, path in api.asked)


def test_each_brand_has_its_time_and_share_and_the_chart_is_drawn(
    site: Site, watched: Watched, api: Answers, screenshots: Path
) -> None:
    page = report(watched, site)
    table = page.locator("ma-report-exposure table")
    row = table.get_by_role("row", name="Nike")
    expect(row).to_contain_text("5:20")
    cells = [" ".join(text.split()) for text in row.locator("td").all_inner_texts()]
    assert cells[:7] == ["5:20", "53 %", "5.2 %", "9.4 %", "8", "0:05", "9:20"]
    page.locator("ma-report-chart canvas").wait_for()
    colours = page.evaluate(PAINTED)
    assert colours >= len(LABELS), "a line of its own colour for each"
    page.locator("ma-report-chart .u-over").hover(position={"x": 60, "y": 60})
    expect(page.locator("ma-report-chart h3")).to_contain_text("·")
    cost = page.locator("ma-report-cost")
    expect(cost).to_contain_text("$0.24")
    expect(cost).to_contain_text("$0.93")
    expect(cost).to_contain_text("3.9 times as much")
    expect(cost).to_contain_text("Cloud Vision, logo")
    expect(cost).to_contain_text("3 calls failed")
    look(page, screenshots, "report")


# How many clearly different hues there are on the canvas.
PAINTED = """() => {
  const find = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.localName === 'canvas') return element
      const found = element.shadowRoot && find(element.shadowRoot)
      if (found) return found
    }
  }
  const canvas = find(document)
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  const hues = new Map()
  for (let at = 0; at < data.length; at += 4) {
    const [r, g, b, a] = data.slice(at, at + 4)
    const most = Math.max(r, g, b), least = Math.min(r, g, b)
    if (a < 200 || most - least < 60) continue
    const spread = most - least
    const hue = most === r ? ((g - b) / spread + 6) % 6 : most === g ? (b - r) / spread + 2 : (r - g) / spread + 4
    const key = Math.round(hue * 4)
    hues.set(key, (hues.get(key) ?? 0) + 1)
  }
  return [...hues.values()].filter((count) => count > 30).length
}"""


def test_sponsors_see_each_measure_with_the_moments_that_it_is_taken_from(
    site: Site, watched: Watched, api: Answers, screenshots: Path
) -> None:
    path = f"/streams/{STREAM}/sessions/{running.SESSION}/sponsorship"
    api.said["POST", path] = (200, {"report": sponsorship()})
    page = report(watched, site)
    page.get_by_role("button", name="For sponsors").click()
    card = page.locator("ma-report-sponsor article").first
    expect(card.get_by_role("heading", name="Nike")).to_be_visible()
    figure = card.locator("details").filter(has_text="on the screen")
    figure.locator("summary").click()
    moment = figure.get_by_role("link").first
    expect(moment).to_have_attribute("href", f"?stream={STREAM}&session={running.SESSION}&t=0.000")
    expect(card.get_by_role("link", name="top left: 8.0 s")).to_be_visible()
    expect(page.locator("ma-report-sponsor .formulas")).to_contain_text("quality = 100")
    api.said["POST", f"{path}.pdf"] = (200, {})
    with page.expect_download() as paper:
        page.get_by_role("button", name="PDF").click()
    assert paper.value.suggested_filename == f"sponsorship-{STREAM}-{running.SESSION}-logo.pdf"
    look(page, screenshots, "report-sponsors")


def sponsorship() -> dict[str, Any]:
    """The report of three marks, one of which leaves early."""
    sights = [seen("Nike", x=0.05), seen("Adidas", x=0.4, y=0.4, height=0.3), seen("Red Bull", x=0.7, y=0.8)]
    steps = session(look_at(0, *sights), look_at(6, sights[0]), look_at(8), seconds=10).steps()
    made = Report("logo")
    made.add(Part(STREAM, running.SESSION, None, Reading(0)), steps)
    return made.told()


def test_another_session_and_kind_are_chosen_and_stay_in_the_address(
    site: Site, watched: Watched, api: Answers
) -> None:
    tell(api, EARLIER, ["Red Bull"])
    page = report(watched, site)
    rows = page.locator("ma-report-exposure tbody tr")
    expect(rows).to_have_count(len(LABELS))
    page.get_by_label("Session").select_option(EARLIER)
    expect(rows).to_have_count(1)
    page.get_by_role("combobox").nth(1).select_option("text")
    page.reload()
    expect(page.get_by_label("Session")).to_have_value(EARLIER)
    expect(page.get_by_role("combobox").nth(1)).to_have_value("text")
    expect(rows).to_have_count(1)
    assert ("GET", f"/streams/{STREAM}/sessions/{EARLIER}/exposure?kind=text") in api.asked


def test_the_table_and_everything_are_kept_as_files(site: Site, watched: Watched, api: Answers) -> None:
    page = report(watched, site)
    expect(page.locator("ma-report-exposure tbody tr")).to_have_count(len(LABELS))
    with page.expect_download() as csv:
        page.get_by_role("button", name="CSV").click()
    assert csv.value.suggested_filename == f"exposure-{STREAM}-{running.SESSION}-logo.csv"
    assert Path(csv.value.path()).read_text().splitlines()[0] == "label,seconds"
    with page.expect_download() as everything:
        page.get_by_role("button", name="JSON").click()
    kept = json.loads(Path(everything.value.path()).read_text())
    assert [one["label"] for one in kept["exposure"]["labels"]] == list(LABELS)
    assert kept["cost"]["usd"] == COST["usd"]


def test_a_live_session_is_read_again_while_it_runs(site: Site, watched: Watched, api: Answers) -> None:
    tell(api, running.SESSION, ["Nike"], ended=None)
    page = report(watched, site)
    cost = page.locator("ma-report-cost")
    expect(cost).to_contain_text("$0.24")
    path = f"/streams/{STREAM}/sessions/{running.SESSION}/cost"
    api.said["GET", path] = (200, {"cost": {**COST, "usd": 7.5, "ended": None}})
    expect(cost).to_contain_text("$7.50", timeout=15_000)
    asked = [one for _, one in api.asked if one.partition("?")[0].endswith("/exposure")]
    assert len(asked) == 1, "what is read from the first frame on is asked for less often"


def test_nothing_seen_is_said_in_so_many_words(site: Site, watched: Watched, api: Answers, screenshots: Path) -> None:
    tell(api, running.SESSION, [])
    page = report(watched, site)
    expect(page.locator("ma-report-exposure")).to_contain_text("Nothing of this kind was seen in the 9:48")
    look(page, screenshots, "report-nothing")


def test_labels_of_whole_frames_have_no_chart(site: Site, watched: Watched, api: Answers) -> None:
    path = f"/streams/{STREAM}/sessions/{running.SESSION}"
    whole = {**exposure("crowd", 0, 1), "share": {"mean": 0, "max": 0, "seconds": 0}}
    told = {"kind": "label", "media_seconds": UNTIL, "ended": "2026-03-01T12:10:00+00:00", "analysed_seconds": UNTIL}
    api.said["GET", f"{path}/exposure"] = (
        200,
        {"exposure": {**told, "until": UNTIL, "left_out": 3, "labels": [whole]}},
    )
    page = report(watched, site, "&kind=label")
    expect(page.locator("ma-report-exposure")).to_contain_text("named for whole frames, without boxes")
    expect(page.locator("ma-report-exposure")).to_contain_text("3 appearances of further labels are left out")
    expect(page.locator("ma-report-chart")).to_have_count(0)


def test_a_session_that_is_gone_and_an_api_that_fails_say_what_to_do(
    site: Site, watched: Watched, api: Answers, screenshots: Path
) -> None:
    watched.expected = ("404", "503")
    page = report(watched, site, "&session=20200101T000000Z-none")
    expect(page.get_by_role("alert").first).to_contain_text("there is no /streams/arena/sessions/20200101T000000Z-none")
    api.said["GET", f"/streams/{STREAM}/sessions/{running.SESSION}/exposure"] = (
        503,
        {"title": "Unavailable", "detail": "a Google API did not answer: away"},
    )
    page.get_by_label("Session").select_option(running.SESSION)
    problem = page.get_by_role("alert").filter(has_text="a Google API did not answer: away")
    expect(problem).to_be_visible()
    look(page, screenshots, "report-refused")
    tell(api, running.SESSION, ["Nike"])
    problem.get_by_role("button", name="Try again").click()
    expect(page.locator("ma-report-exposure")).to_contain_text("Nike")


def test_a_stream_without_a_session_says_how_to_get_one(
    site: Site, db: firestore.Client, watched: Watched, api: Answers, screenshots: Path
) -> None:
    running.stream(db, "new", "New", state="idle", session=None)
    page = watched.open(site.page("?stream=new&report"))
    expect(page.get_by_role("heading", name="Nothing to report yet")).to_be_visible()
    look(page, screenshots, "report-no-session")
    page = watched.open(site.page("?stream=absent&report"))
    expect(page.get_by_role("alert")).to_contain_text("There is no stream “absent”")


def test_on_paper_it_is_light_and_has_no_navigation(
    site: Site, watched: Watched, api: Answers, screenshots: Path
) -> None:
    page = report(watched, site)
    page.locator("ma-report-chart canvas").wait_for()
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.get_by_role("navigation")).to_be_hidden()
    expect(page.get_by_role("button", name="CSV")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(22, 26, 32)"
    page.pdf(path=screenshots / "report.pdf", format="A4")
    page.screenshot(path=screenshots / "report-print.png", full_page=True)
