"""Settings of the deployment: each declared once, parsed, and refused where malformed."""

from __future__ import annotations

import pulumi
import pytest

import settings


class Config(pulumi.Config):
    """A stack's configuration, given."""

    def __init__(self, **values: str) -> None:
        super().__init__("media-analyzer")
        self.values = values

    def get(self, key: str, default: str | None = None) -> str | None:
        return self.values.get(key, default)

    def get_secret(self, key: str, default: str | None = None) -> pulumi.Output[str] | None:
        value = self.values.get(key, default)
        return None if value is None else pulumi.Output.secret(value)


def test_nothing_need_be_set() -> None:
    loaded = settings.load(Config())
    assert loaded.region == "europe-west1"
    assert loaded.admin_key is None
    assert loaded.web_origins == ()
    assert (loaded.function_instances, loaded.batch_instances) == (2, 4)
    assert settings.load(Config(clipService="true")).batch_instances == 1, "a GPU's container takes 4 vCPU"
    assert settings.load(Config(clipService="true", batchMaxInstances="5")).batch_instances == 5


def test_values_are_parsed_as_their_fields_say() -> None:
    loaded = settings.load(
        Config(segmentDays="2", keepData="true", webOrigins="https://a.example, https://b.example", sampleChange="0.5")
    )
    assert (loaded.segment_days, loaded.keep_data, loaded.sample_change) == (2, True, 0.5)
    assert loaded.web_origins == ("https://a.example", "https://b.example")


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("segmentDays", "soon", "invalid segmentDays='soon': expected a whole number"),
        ("keepData", "perhaps", "invalid keepData='perhaps': expected true or false"),
        ("sampleChange", "much", "invalid sampleChange='much': expected a number"),
    ],
)
def test_a_malformed_value_is_refused_by_name(name: str, value: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        settings.load(Config(**{name: value}))


def test_an_empty_value_is_the_default() -> None:
    assert settings.load(Config(region="")).region == "europe-west1"


def test_every_setting_says_what_it_means_and_has_a_name_of_its_own() -> None:
    declared = settings.declared()
    assert len({s.name for s in declared}) == len(declared)
    assert all(bool(s.help) != bool(s.variable) for s in declared), "a workload describes what it reads"
    assert {s.name: s.default for s in declared} | {"segmentDays": "7", "keepData": "false", "webOrigins": ""} == {
        s.name: s.default for s in declared
    }
    assert [s.name for s in declared if s.secret] == [
        *("googleClientSecret", "oidcClientSecret", "eventsSecret", "adminKey", "clipKey"),
    ]


def test_only_what_is_set_is_handed_on_so_that_defaults_stand_in_one_place() -> None:
    assert settings.load(Config()).environment("ingest") == {}
    loaded = settings.load(Config(segmentSeconds="4", detectKinds="logo,text", logLevel="DEBUG"))
    assert loaded.environment("ingest") == {"SEGMENT_SECONDS": "4.0", "LOG_LEVEL": "DEBUG"}
    assert loaded.environment("detect") == {"DETECT_KINDS": "logo,text", "LOG_LEVEL": "DEBUG"}
    assert loaded.environment("front") == {"DETECT_KINDS": "logo,text", "LOG_LEVEL": "DEBUG"}, "it tells the defaults"
