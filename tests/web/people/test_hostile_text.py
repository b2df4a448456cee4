"""Whatever words senders, providers and files bring along, the page shows them as words."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from google.cloud import firestore
from playwright.sync_api import Page
from tests.web.conftest import Watched
from tests.web.data import documents, operating
from tests.web.doubles.operator_double import OperatorDouble
from tests.web.doubles.site import Site
from tests.web.footage.clip import STARTED

WORDS = (
    'Hostile"><img src=x onerror="window.ran=1"><script>window.ran=2</script><svg onload=window.ran=3>'
    "${window.ran=4}{{7*7}}javascript:window.ran=5"
)
ELSEWHERE = "https://evil.example/x"
SHOWN = """() => {
    const walk = (root) => [...root.childNodes].map((node) =>
        node.nodeType === Node.TEXT_NODE ? node.data : walk(node.shadowRoot ?? node)).join('')
    return walk(document.body).includes('Hostile')
}"""
FOUND = """() => {
    const all = []
    const walk = (root) => {
        for (const one of root.querySelectorAll('*')) {
            all.push(one)
            if (one.shadowRoot) walk(one.shadowRoot)
        }
    }
    walk(document)
    const hostile = (one) =>
        [...one.attributes].some(({ name }) => name.startsWith('on')) ||
        (one.tagName === 'SCRIPT' && one.textContent.includes('ran')) ||
        (one.getAttribute('href') ?? '').startsWith('javascript') ||
        (one.getAttribute('src') ?? '').startsWith('javascript')
    return [window.ran ?? null, all.filter(hostile).map((one) => one.outerHTML.slice(0, 80))]
}"""


@pytest.fixture
def hostile(db: firestore.Client, site: Site, api: OperatorDouble) -> None:
    """A stream with a session of three frames, a transcript, an import, a brand and a provider, full of such words."""
    documents.stream(db, name=WORDS, source=WORDS, state="error", error={"code": "unknown", "message": WORDS})
    documents.session(db, codecs=WORDS, playlist="javascript:window.ran=6", segments=3, media_seconds=6.0, error=None)
    session = f"streams/{documents.STREAM}/sessions/{documents.SESSION}"
    for number in range(3):
        stored = STARTED + timedelta(seconds=2 * number + 2)
        frame: dict[str, Any] = documents.frame(50 * number, number, stored)
        found = {
            kind: documents.analysis([documents.detection(WORDS, kind, 0.9, 0.1, 0.1)], stored) | {"model": WORDS}
            for kind in ("logo", "text", "label", "object", "face")
        }
        colours = {"colors": [{"hex": f"#fff;background:url({ELSEWHERE})", "share": 1.0}]}
        frame |= {"analyses": found, "reason": WORDS, "visual": frame["visual"] | colours, "snapshot": WORDS}
        db.document(f"{session}/frames/{2000 * number:010d}").set({**frame, "seen": [":", "logo:"]})
        words = [{"text": WORDS, "start": 2.0 * number, "end": 2.0 * number + 1, "confidence": 0.9}]
        said = {"media_time": 2.0 * number, "duration": 2.0, "begins": 2.0 * number, "words": words, "language": WORDS}
        at = {"sequence": number, "program_date_time": STARTED + timedelta(seconds=2 * number), "error": None}
        db.document(f"{session}/transcripts/{number:08d}").set({**said, **at, "transcribed_at": stored})
    upload = {"object": WORDS, "name": WORDS, "state": "error", "error": {"code": "unknown", "message": WORDS}}
    db.document(f"streams/{documents.STREAM}/imports/{documents.SESSION}").set(
        {**upload, "share": 0.5, "media_seconds": 1.0, "size": 10, "created": STARTED, "updated": STARTED}
    )
    brand = operating.brand(db, site, "Velox", aliases=[WORDS], prompts=[WORDS])
    db.document(f"brands/{brand}").update({"name": WORDS})
    failing = {"state": "failing", "model": WORDS, "last_error": WORDS, "last_error_at": STARTED, "updated": STARTED}
    db.document("providers/vision").set(failing)


STREAM = f"?stream={documents.STREAM}"
VIEWS = ("", "?view=explore", "?view=brands", "?view=health", STREAM, f"{STREAM}&publish", f"{STREAM}&manage")
ADDRESSES = (
    f"?stream={quote(WORDS)}",
    f"?view={quote(WORDS)}",
    f"{STREAM}&hide={quote(WORDS)}&without={quote('logo:' + WORDS)}",
    f"{STREAM}&session={quote('../../../brands')}",
    "?stream=..%2F..%2Fkeys%2Falpha",
)


def test_hostile_words_are_shown_and_never_run(hostile: None, site: Site, watched: Watched) -> None:
    watched.expected = ("404", "403", "ERR_", "Failed to load", "Refused", "violates")
    asked: list[str] = []
    watched.context.on("request", lambda request: asked.append(request.url))
    watched.context.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    page: Page = watched.open(site.page())
    for view in (*VIEWS, *ADDRESSES):
        page.goto(site.page(view))
        if view in VIEWS:
            page.wait_for_function(SHOWN)
        else:
            page.locator("ma-app").locator("main, ma-notice").first.wait_for()
        assert page.evaluate(FOUND) == [None, []], view
    assert not [url for url in asked if "evil.example" in url]
