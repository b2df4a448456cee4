"""Settings out of the environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from front.api.settings import Api
from pipeline.detection.settings import Detection
from pipeline.domain import settings
from pipeline.domain.settings import Common, declared, load, setting
from pipeline.sampling.settings import Sampling


@pytest.fixture
def sample(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A dataclass of settings that are forgotten after the test: the documentation's test reads all declared ones."""
    monkeypatch.setattr(settings, "_declared", set(settings._declared))

    @dataclass(frozen=True)
    class Sample:
        text: str = setting("TEST_TEXT", "a text")
        number: int = setting("TEST_NUMBER", "a number", 7)
        ratio: float = setting("TEST_RATIO", "a ratio", 0.5)
        flag: bool = setting("TEST_FLAG", "a flag", False)
        parts: tuple[str, ...] = setting("TEST_PARTS", "parts", ("a", "b"))

    return Sample


def test_each_type_is_read(sample: Any) -> None:
    environ = {"TEST_TEXT": "x", "TEST_NUMBER": "3", "TEST_RATIO": "1.5", "TEST_FLAG": "true", "TEST_PARTS": "c, d,"}
    assert load(sample, environ) == sample("x", 3, 1.5, True, ("c", "d"))


def test_an_empty_variable_is_as_good_as_none(sample: Any) -> None:
    assert load(sample, {"TEST_TEXT": "x", "TEST_NUMBER": ""}).number == 7


def test_a_missing_variable_is_named_with_its_meaning(sample: Any) -> None:
    with pytest.raises(ValueError, match="TEST_TEXT is not set: a text"):
        load(sample, {})


@pytest.mark.parametrize(
    ("variable", "text"), [("TEST_NUMBER", "many"), ("TEST_RATIO", "half"), ("TEST_FLAG", "maybe")]
)
def test_a_malformed_variable_is_named_with_its_value(sample: Any, variable: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"{variable}='{text}'"):
        load(sample, {"TEST_TEXT": "x", variable: text})


def test_defaults_are_shown_as_they_would_be_written() -> None:
    shown = {entry.variable: entry.default for entry in declared()}
    assert (shown["DETECT_KINDS"], shown["SAMPLE_MIN_INTERVAL"], shown["ADMIN_KEY"]) == ("logo,text", "1.0", None)


def test_the_functions_need_the_project_the_bucket_and_the_admin_key_and_nothing_else() -> None:
    required = {"GOOGLE_CLOUD_PROJECT": "p", "MEDIA_BUCKET": "m", "ADMIN_KEY": "k"}
    assert load(Common, required).database == "(default)"
    assert load(Api, required).allowed_origins == ()
    assert load(Detection, required).kinds == ("logo", "text")
    assert load(Sampling, required).policy({}).maximum == 20.0
