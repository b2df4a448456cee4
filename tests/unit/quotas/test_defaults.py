"""Defaults of quotas: the settings, and what a tenant or a stream has instead."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pipeline.domain import quotas
from pipeline.domain.quotas import Quota, StreamQuota
from pipeline.reports.prices import of_frame, of_speech


@pytest.fixture(autouse=True)
def settings() -> Iterator[None]:
    for cache in (quotas.of_tenants, quotas.of_streams):
        cache.cache_clear()
    yield
    for cache in (quotas.of_tenants, quotas.of_streams):
        cache.cache_clear()


def test_a_setting_changes_those_that_it_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENANT_QUOTAS", "usd_day=50, imports_at_once=2")
    monkeypatch.setenv("STREAM_QUOTAS", "usd_day=2.5")
    assert quotas.of_tenants() == Quota(usd_day=50.0, imports_at_once=2)
    assert quotas.of_streams() == StreamQuota(usd_day=2.5)


@pytest.mark.parametrize("text", ["usd=5", "usd_day", "usd_day=", "usd_day=-1", "usd_day=nan", "frames_day=1.5"])
def test_a_malformed_one_fails_the_start_and_says_what_is_expected(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("STREAM_QUOTAS", text)
    with pytest.raises(ValueError, match=r"invalid STREAM_QUOTAS: '.*': expected"):
        quotas.prepare()


def test_a_document_holds_only_what_differs_so_that_a_new_default_reaches_the_rest() -> None:
    assert quotas.own(Quota(usd_day=7.0)) == {"usd_day": 7.0}
    assert quotas.over(Quota(), {"usd_day": 7.0, "frames_day": None, "other": 1}) == Quota(usd_day=7.0)


def test_a_call_costs_its_kinds_and_a_provider_that_is_not_paid_by_the_call_nothing() -> None:
    assert of_frame("vision", ["logo", "text"]) == pytest.approx(0.003)
    assert of_frame("vision", ["label", "safe_search"]) == pytest.approx(0.0015)  # given with labels
    assert of_frame("vision", ["safe_search"]) == pytest.approx(0.0015)
    assert (of_frame("clip", ["logo"]), of_frame("gallery", ["logo"])) == (0, 0)
    assert of_speech(60) == pytest.approx(0.016)
