"""The page of brands: what an operator adds, changes and deletes, and what is said when that fails."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
from google.cloud import firestore
from playwright.sync_api import expect
from tests.web.conftest import Watched
from tests.web.data.branded import open_page, some
from tests.web.data.operating import drop, looked_at, mark, paste
from tests.web.doubles.operator_double import OperatorDouble
from tests.web.doubles.site import Site
from tests.web.views import look

ENTER = {"key": "Enter", "bubbles": True, "cancelable": True}


def test_a_brand_is_added_with_pictures_that_are_chosen_dropped_and_pasted(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path, tmp_path: Path
) -> None:
    chosen = tmp_path / "chosen.png"
    chosen.write_bytes(mark(10))
    page = open_page(watched, site, "&add=1")
    page.get_by_label("Name").fill("Velox")
    page.get_by_label("Pictures of the mark").set_input_files(chosen)
    drop(page.locator("label.drop"), mark(60))
    paste(page, mark(120))
    pictures = page.get_by_role("list", name="Pictures to add").locator("img")
    expect(pictures).to_have_count(3)
    page.get_by_text("Aliases and prompts").click()
    also = page.get_by_label("Also called")
    also.fill("Vero")
    for composed in ({"isComposing": True}, {"keyCode": 229}):  # the Enter that picks a word of an input method
        also.evaluate(f"(field) => field.dispatchEvent(new KeyboardEvent('keydown', {json.dumps(composed | ENTER)}))")
    expect(also).to_have_value("Vero")
    also.fill("Velox GmbH、ベロックス")
    also.press("Enter")
    look(page, screenshots, "brands-adding")
    page.get_by_role("button", name="Add the brand").click()
    expect(page.get_by_role("img", name="Mark 3 of Velox")).to_be_visible()
    assert "brand=velox" in page.url
    assert "add" not in page.url
    made, *sent = operator.asked
    assert made == ("POST", "/brands", {"name": "Velox", "aliases": ["Velox GmbH", "ベロックス"], "prompts": []})
    assert sent == [("POST", "/brands/velox/references", mark(hue)) for hue in (10, 60, 120)]
    expect(page.locator("ma-change-status")).to_contain_text("No stream is live: the next video will use it.")


def test_a_name_that_is_taken_is_said_and_nothing_is_lost(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    watched.expected = ("409",)
    operator.refusals["POST", "/brands"] = (409, "brand id 'velox' is taken: choose another one")
    page = open_page(watched, site, "&add=1")
    page.get_by_label("Name").fill("Velox")
    drop(page.locator("label.drop"), mark(10))
    expect(page.get_by_role("list", name="Pictures to add").locator("img")).to_have_count(1)
    page.get_by_role("button", name="Add the brand").click()
    expect(page.get_by_role("alert")).to_contain_text("Not added: brand id 'velox' is taken")
    expect(page.get_by_label("Name")).to_have_value("Velox")
    expect(page.get_by_role("list", name="Pictures to add").locator("img")).to_have_count(1)


def test_a_picture_that_is_refused_says_why_and_the_others_are_taken(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("415",)
    some(db, site)
    page = open_page(watched, site, "&brand=nordlys")
    drop(page.locator("label.drop"), b"<svg/>", name="mark.svg", kind="image/svg+xml")
    drop(page.locator("label.drop"), mark(90))
    reason = "unsupported image type: expected a PNG, JPEG or WebP picture"
    operator.refusals["POST", "/brands/nordlys/references"] = (415, reason)
    page.get_by_role("button", name="Add 2 marks").click()
    expect(page.get_by_role("alert")).to_have_text(f"Refused: {reason}")
    expect(page.get_by_role("img", name="Mark 2 of Nordlys")).to_be_visible()
    look(page, screenshots, "brands-refused")
    page.get_by_role("button", name="Leave out mark.svg").click()
    expect(page.get_by_role("list", name="Pictures to add")).to_have_count(0)


def test_a_drawing_is_sent_as_a_picture(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    some(db, site)
    page = open_page(watched, site, "&brand=nordlys")
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" width="24" height="12"><path d="M0 0h9v9z"/></svg>'
    drop(page.locator("label.drop"), drawing, name="mark.svg", kind="image/svg+xml")
    page.get_by_role("button", name="Add 1 mark").click()
    expect(page.get_by_role("img", name="Mark 2 of Nordlys")).to_be_visible()
    [(_, _, sent)] = operator.asked
    sent_picture = cv2.imdecode(np.frombuffer(sent, np.uint8), cv2.IMREAD_UNCHANGED)
    assert sent_picture is not None
    assert sent_picture.shape == (256, 512, 4)
    assert sent_picture[:, :, 3].max() == 255
    assert sent_picture[-1, -1, 3] == 0


def test_a_mark_is_removed_once_that_is_confirmed(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched
) -> None:
    some(db, site)
    page = open_page(watched, site, "&brand=zenith")
    page.get_by_role("button", name="Remove mark 2").click()
    assert operator.asked == []
    page.get_by_role("button", name="Really remove mark 2").click()
    expect(page.get_by_role("img", name="Mark 3 of Zenith")).to_have_count(0)
    assert operator.asked == [("DELETE", "/brands/zenith/references/0000000000000001.png", None)]


def test_only_what_was_changed_is_sent(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    some(db, site)
    looked_at(db, site, 4)
    page = open_page(watched, site, "&brand=velox")
    save = page.get_by_role("button", name="Save")
    expect(save).to_be_disabled()
    page.get_by_label("Threshold", exact=True).fill("0.7")
    page.get_by_role("button", name="Remove Velox GmbH").click()
    expect(save).to_be_enabled()
    look(page, screenshots, "brands-editing")
    page.set_viewport_size({"width": 1440, "height": 900})
    save.click()
    expect(save).to_be_disabled()
    assert operator.asked == [("PATCH", "/brands/velox", {"threshold": 0.7, "aliases": ["VELOX Cycling"]})]
    expect(page.get_by_role("navigation", name="Brands")).to_contain_text("1 alias · from 70 %")


def test_what_was_not_saved_stays_in_the_fields_and_says_why(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    watched.expected = ("net::ERR_",)
    some(db, site)
    page = open_page(watched, site, "&brand=velox")
    page.get_by_label("Name").fill("Velox II")
    operator.down = True
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("did not answer. Is it up, and is this page online?")
    expect(page.get_by_label("Name")).to_have_value("Velox II")
    look(page, screenshots, "brands-not-saved")
    operator.down = False
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Velox II")).to_be_visible()


def test_a_brand_is_switched_off_and_deleted_once_that_is_confirmed(
    site: Site, db: firestore.Client, operator: OperatorDouble, watched: Watched, screenshots: Path
) -> None:
    some(db, site)
    page = open_page(watched, site, "&brand=zenith")
    page.get_by_role("switch", name="Look for it").click()
    expect(page.get_by_role("link", name="Zenith")).to_contain_text("off")
    page.get_by_role("button", name="Delete…").click()
    expect(page.get_by_role("group", name="Delete Zenith")).to_contain_text("Delete Zenith with its 3 marks?")
    look(page, screenshots, "brands-deleting")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Delete…").click()
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("link", name="Zenith")).to_have_count(0)
    assert [asked[:2] for asked in operator.asked] == [("PATCH", "/brands/zenith"), ("DELETE", "/brands/zenith")]
