"""Settings of analysis: what is right, what wins, what goes with what."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.documents import streams
from pipeline.documents.analysis_config import merged
from pipeline.domain.analysis import SAMPLING, parse
from pipeline.domain.errors import BadRequest
from pipeline.domain.model import AnalysisSettings, Kind

WHOLE: dict[str, Any] = {
    "kinds": ["logo", "text"],
    "providers": {"logo": ["clip", "gallery"], "text": ["vision"]},
    "threshold": {"logo": 0.6},
    "brands": ["nike"],
    "sampling": {"minimum_interval": 0.5, "maximum_interval": 10.0, "calls_per_hour": 300.0},
    "own_providers": {
        "lan": {"type": "clip", "address": "http://10.0.0.6:8080", "model": "tiny", "threshold": 0.7, "key": "sealed"},
        "strict": {"type": "gallery", "threshold": 0.9},
    },
    "places": {"clip": "http://10.0.0.5:8080"},
    "words": {"object": ["forklift", "hard hat"], "label": ["warehouse"]},
    "speech": {"enabled": True, "languages": ["en-US", "de-DE"]},
}


def test_what_was_parsed_reads_the_same_again() -> None:
    settings = parse(WHOLE, "")
    assert settings.providers[Kind.LOGO] == ("clip", "gallery")
    assert settings.fields() == WHOLE
    assert parse(settings.fields(), "") == settings


def test_null_and_nothing_are_the_same() -> None:
    assert parse(dict.fromkeys(WHOLE), "") == parse({}, "") == AnalysisSettings()


def test_one_threshold_is_for_every_kind() -> None:
    assert parse({"threshold": 0.7}, "").threshold == dict.fromkeys(Kind, 0.7)


def test_a_stream_wins_key_by_key() -> None:
    stream = parse({"providers": {"logo": ["vision"]}, "sampling": {"maximum_interval": 4}}, "", endpoints=False)
    held = stream.over(parse(WHOLE, ""))
    assert held.providers == {Kind.LOGO: ("vision",), Kind.TEXT: ("vision",)}
    assert held.sampling == {"minimum_interval": 0.5, "maximum_interval": 4.0, "calls_per_hour": 300.0}
    assert (held.kinds, held.brands) == ((Kind.LOGO, Kind.TEXT), ("nike",))


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("kinds", ["logos"], "'settings.kinds'"),
        ("kinds", "logo", "'settings.kinds'"),
        ("providers", {"logo": "clip"}, "'settings.providers.logo'"),
        ("providers", {"logo": []}, "'settings.providers.logo'"),
        ("providers", {"text": ["gallery"]}, "any of vision"),
        ("providers", {"face": ["absent"]}, "'settings.providers.face'"),
        ("providers", {"smell": ["clip"]}, "settings.providers.smell"),
        ("words", {"logo": ["nike"]}, "settings.words.logo"),
        ("words", {"object": [" "]}, "settings.words.object"),
        ("words", {"label": ["x"] * 101}, "at most 100 texts"),
        ("threshold", 1.5, "'settings.threshold'"),
        ("threshold", True, "'settings.threshold'"),
        ("threshold", {"logo": "0.5"}, "'settings.threshold.logo'"),
        ("brands", [1], "'settings.brands'"),
        ("brands", ["b"] * 201, "'settings.brands'"),
        ("sampling", {"change": 2}, "'settings.sampling.change'"),
        ("sampling", {"rate": 2}, "settings.sampling.rate"),
        ("sampling", {"minimum_interval": 5, "maximum_interval": 1}, "must not be longer"),
        ("sampling", {"calls_per_hour": float("nan")}, "calls_per_hour"),
        ("places", {"vision": "http://a"}, "settings.places.vision"),
        ("providers", {"logo": ["lan"]}, "'lan' is none"),
        ("own_providers", {"clip": {"type": "clip", "address": "http://a"}}, "invalid name 'clip'"),
        ("own_providers", {"Lan": {"type": "gallery"}}, "invalid name 'Lan'"),
        ("own_providers", {"lan": {"type": "vision"}}, "must be one of clip, gallery, local"),
        ("own_providers", {"lan": {}}, "'settings.own_providers.lan.type' must be one of"),
        ("own_providers", {"lan": {"type": "clip"}}, "'settings.own_providers.lan.address' must be an address"),
        ("own_providers", {"lan": {"type": "clip", "address": "http://u:p@a"}}, "own_providers"),
        (
            "own_providers",
            {"lan": {"type": "gallery", "address": "http://a"}},
            "must be left out: a gallery",
        ),
        ("own_providers", {"lan": {"type": "gallery", "threshold": 2}}, r"'settings.own_providers.\*.threshold'"),
        ("own_providers", {"lan": {"kind": "gallery"}}, r"unknown field 'settings.own_providers.\*.kind'"),
        ("own_providers", {f"a{i}": {"type": "gallery"} for i in range(17)}, "an object of at most 16"),
        ("speech", {"enabled": 1}, "'settings.speech.enabled'"),
        ("speech", {"languages": ["a language"]}, "'settings.speech.languages'"),
        ("speech", {"languages": ["de", "en", "fr", "it", "es"]}, "at most 4"),
        ("speed", 1, "settings.speed"),
    ],
)
def test_what_is_wrong_is_named(field: str, value: Any, named: str) -> None:
    with pytest.raises(BadRequest, match=named):
        parse({field: value}, "settings")


@pytest.mark.parametrize(
    "place",
    [
        "clip",
        "ftp://a",
        "http://",
        "http://user:pass@a",
        "http://a/?key=1",
        "http://a#b",
        "http://a:99999",
        5,
        "http://[a",
    ],
)
def test_a_place_is_the_address_of_a_web_server_without_secrets(place: Any) -> None:
    with pytest.raises(BadRequest, match=r"places\.clip"):
        parse({"places": {"clip": place}}, "")


def test_a_place_has_no_slash_at_its_end() -> None:
    assert parse({"places": {"clip": "https://clip.example/"}}, "").endpoints == {"clip": "https://clip.example"}


def test_a_stream_has_no_places() -> None:
    with pytest.raises(BadRequest, match="places"):
        parse({"places": {"clip": "http://a"}}, "settings", endpoints=False)


def test_the_document_of_a_stream_holds_every_setting_that_a_stream_may_have() -> None:
    written = parse(WHOLE, "").fields(endpoints=False)
    assert streams._settings(written).fields(endpoints=False) == written


def test_a_stream_may_be_silent_where_all_are_transcribed_and_speak_another_language() -> None:
    base = parse(WHOLE, "").speech
    assert parse({"speech": {"enabled": False}}, "").speech.over(base).fields() == {
        "enabled": False,
        "languages": ["en-US", "de-DE"],
    }
    assert parse({"speech": {"languages": ["fr-FR"]}}, "").speech.over(base).fields() == {
        "enabled": True,
        "languages": ["fr-FR"],
    }
    assert parse({}, "").speech.fields() == {}


@pytest.mark.parametrize("name", SAMPLING)
def test_sampling_takes_both_ends_of_its_range(name: str) -> None:
    for value in SAMPLING[name]:
        assert parse({"sampling": {name: value}}, "").sampling == {name: value}


def test_a_patch_merges_objects_and_null_takes_away() -> None:
    patch = {"providers": {"text": None, "face": ["vision"]}, "brands": None, "threshold": {"text": 0.3}}
    held = merged(parse(WHOLE, ""), patch)
    assert held.providers == {Kind.LOGO: ("clip", "gallery"), Kind.FACE: ("vision",)}
    assert held.brands == ()
    assert held.threshold == {Kind.LOGO: 0.6, Kind.TEXT: 0.3}
    assert held.endpoints == {"clip": "http://10.0.0.5:8080"}
