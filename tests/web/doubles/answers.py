"""A stand-in for the API: answers what a test lays down."""

from __future__ import annotations

from typing import Any

from tests.web.doubles.api_double import Answer, ApiDouble, refused


class Answers(ApiDouble):
    """`said` is the answer by method and path, the query left out where none is laid down with it. `asked` is what was
    asked for with the key; what nothing was said of is 404."""

    def __init__(self) -> None:
        super().__init__()
        self.said: dict[tuple[str, str], Answer] = {("GET", "/streams"): (200, {"streams": [], "next": None})}
        self.asked: list[tuple[str, str]] = []

    def answer(self, method: str, path: str, body: Any) -> Answer:
        self.asked.append((method, path))
        plain = path.partition("?")[0]
        missing = refused(404, f"there is no {plain}")
        return self.said.get((method, path)) or self.said.get((method, plain)) or missing
