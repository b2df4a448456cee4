"""What every view must stand: a phone and a desktop, the dark and the light, axe, and a look by people."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from playwright.sync_api import Locator, Page

WEB = Path(__file__).parents[2] / "web"
AXE = (WEB / "node_modules" / "axe-core" / "axe.min.js").read_text()
DESCRIBE = """
window.describe = ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => html + failureSummary)}`
true
"""
PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
SIZES = {"desktop": (1440, 900), "phone": (390, 844)}
SCHEMES: Mapping[Literal["dark", "light"], str] = {
    "dark": "axe.run()",
    # The scheme changes colours alone (style/page.css): what the rest of axe's rules look at is as it was.
    "light": "axe.run({ runOnly: ['color-contrast', 'link-in-text-block'] })",
}


def look(page: Page, folder: Path, name: str) -> None:
    """Nothing may stick out sideways, and axe may find nothing, contrast included. Takes the view's pictures where
    SCREENSHOTS names a folder for them.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE};{DESCRIBE}")
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(PAINTED)  # what measures itself has been told of its size
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is too wide on a {size}"
        for scheme, run in SCHEMES.items():
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate(PAINTED)
            found = page.evaluate(f"{run}.then(({{ violations }}) => violations.map(describe))")
            assert found == [], f"{name} on a {size}, {scheme}"
            if os.environ.get("SCREENSHOTS"):
                page.screenshot(path=folder / f"{name}-{size}-{scheme}.png", full_page=True)


def opened(page: Page, heading: str) -> Locator:
    """The dialog with this heading, and what is slotted into it, which is no descendant of its own element."""
    return page.locator("ma-dialog").filter(has=page.get_by_role("dialog", name=heading))
