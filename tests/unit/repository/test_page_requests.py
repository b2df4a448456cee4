"""The page's requests: each reads its answer, and none goes where the policy of the page does not let it."""

from __future__ import annotations

from pathlib import Path

SOURCES = Path(__file__).parents[3] / "web/src"


def test_no_request_of_the_page_gives_up_its_answer() -> None:
    """With `no-cors` a browser sends a request to any site and shows nothing of the answer, a refusal neither."""
    sources = {path: path.read_text() for path in SOURCES.rglob("*.ts")}
    assert any("fetch(" in text for text in sources.values())
    assert [str(path) for path, text in sources.items() if "no-cors" in text] == []
