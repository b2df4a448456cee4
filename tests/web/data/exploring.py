"""The page that explores, and snapshots of two streams for it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from google.cloud import firestore
from playwright.sync_api import Locator, Page
from tests.web.conftest import Watched
from tests.web.data import documents
from tests.web.doubles.site import Site
from tests.web.footage import clip as synthetic
from tests.web.footage.clip import FPS, STARTED

OTHER = "harbour"
OTHER_SESSION = "20260301T140000Z-fedcba"


def put(site: Site, db: firestore.Client, knots: Iterable[int]) -> None:
    """Frames of the synthetic clip: Velox on each, and a text on every other two."""
    documents.stream(db)
    batch = db.batch()
    for count, knot in enumerate(knots, 1):
        at = knot * synthetic.KNOT
        path = f"{documents.STREAM}/sessions/{documents.SESSION}/frames/{round(at / FPS * 1000):010d}"
        batch.set(db.document(f"streams/{path}"), documents.frame(at, at // 60, STARTED))
        site.media[documents.frame(at, 0, STARTED)["snapshot"]] = partial(synthetic.jpeg, at % 600)
        if count % 200 == 0:
            batch.commit()
            batch = db.batch()
    batch.commit()


def put_other(site: Site, db: firestore.Client, seconds: int, label: str = "Nordal", **changes: Any) -> None:
    """A frame of another stream, an hour later."""
    db.document(f"streams/{OTHER}").set({"tenant": "main", "name": "Harbour, north pier", "state": "live"})
    name = f"{seconds * 1000:010d}"
    analyses = {
        "logo": documents.analysis(
            [documents.detection(label, "logo", 0.88, 0.4, 0.3), documents.detection("Aster", "logo", 0.52, 0.1, 0.6)],
            STARTED,
        ),
        "text": {**documents.analysis([], STARTED), "error": "Quota exceeded."},
    }
    snapshot = f"frames/{OTHER}/{OTHER_SESSION}/{name}.jpg"
    site.media[snapshot] = partial(synthetic.jpeg, seconds)
    fields = {
        **documents.frame(0, 0, STARTED, OTHER_SESSION),
        "media_time": float(seconds),
        "program_date_time": STARTED + timedelta(hours=1, seconds=seconds),
        "snapshot": snapshot,
        "stream": OTHER,
        "analyses": analyses,
        "seen": documents.seen(analyses),
    }
    db.document(f"streams/{OTHER}/sessions/{OTHER_SESSION}/frames/{name}").set({**fields, **changes})


def explore(watched: Watched, site: Site, query: str = "") -> Page:
    return watched.open(site.page(f"?view=explore{query}"))


def tiles(page: Page) -> Locator:
    return page.locator("ma-explore-grid li")


def details(page: Page) -> Locator:
    return page.get_by_role("region", name="Details")
