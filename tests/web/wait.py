"""Waiting for what happens outside of a page, which lives only while Playwright is told to wait."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page
from tests import wait


def until(page: Page, condition: Callable[[], bool], what: str = "it", seconds: float = 90) -> None:
    """Returns once `condition` holds; the page goes on meanwhile."""
    wait.until(condition, seconds, what, lambda pause: page.wait_for_timeout(pause * 1000))
