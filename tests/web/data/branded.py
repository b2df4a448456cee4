"""The page of brands, and some brands for it."""

from __future__ import annotations

from google.cloud import firestore
from playwright.sync_api import Page
from tests.web.conftest import Watched
from tests.web.data.operating import brand
from tests.web.doubles.site import Site


def some(db: firestore.Client, site: Site) -> None:
    brand(db, site, "Velox", 2, aliases=["Velox GmbH", "VELOX Cycling"], threshold=0.6)
    brand(db, site, "Nordlys", 1, prompts=["the word nordlys in white on navy"])
    brand(db, site, "Zenith", 3)
    brand(db, site, "Borealis Brewery", 0, enabled=False)


def open_page(watched: Watched, site: Site, query: str = "") -> Page:
    return watched.open(site.page(f"?view=brands{query}"))
