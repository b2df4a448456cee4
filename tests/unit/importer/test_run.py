"""How an import ends is counted, with the media that it stored; one that broke off is not over, and counts nothing."""

from __future__ import annotations

from typing import Any

import pytest
from tests.measured import measuring

from importer.run import Import
from importer.run import store as imports
from ingest.session.session import Summary
from pipeline.domain.errors import BadRequest, MediaAnalyzerError, Unavailable

NAME = "uploads/cam/clip.mp4"


@pytest.fixture(autouse=True)
def document(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The import's document, in memory."""
    for name in ("GOOGLE_CLOUD_PROJECT", "MEDIA_BUCKET"):
        monkeypatch.setenv(name, "acme-video")
    written: dict[str, Any] = {}
    monkeypatch.setattr(imports, "claim", lambda *_: object())
    monkeypatch.setattr(imports, "change", lambda *_, **fields: written.update(fields))
    return written


def test_a_finished_import_counts_with_its_media(monkeypatch: pytest.MonkeyPatch, document: dict[str, Any]) -> None:
    monkeypatch.setattr(Import, "_import", lambda _self: Summary("s", 31, 61.6, "p"))
    with measuring() as measured:
        assert Import(NAME, 1).run()
        assert measured.total("imports_ended", state="done") == measured.total("imports_ended") == 1
        assert measured.total("imported_seconds") == 62
    assert document["state"] == "done"


@pytest.mark.parametrize(("raised", "ended"), [(BadRequest("no video"), 1), (Unavailable("asked to stop"), 0)])
def test_a_refused_import_counts_as_an_error_and_one_that_broke_off_not_at_all(
    monkeypatch: pytest.MonkeyPatch, raised: MediaAnalyzerError, ended: int
) -> None:
    def fails(_self: Import) -> Summary:
        raise raised

    monkeypatch.setattr(Import, "_import", fails)
    with measuring() as measured:
        assert Import(NAME, 1).run() is bool(ended)
        assert measured.total("imports_ended", state="error") == measured.total("imports_ended") == ended
        assert measured.total("imported_seconds") == 0
