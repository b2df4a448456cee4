"""Requests that are made of the OpenAPI document, right ones and wrong ones: each is answered as the document says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import positive_data_acceptance
from schemathesis.config import SchemathesisConfig
from tests.contract.functions.conftest import CACHES
from werkzeug.exceptions import NotFound
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from front import refusals
from front.api.app import application
from front.api.handlers.openapi import described
from pipeline.domain import text
from pipeline.domain.errors import BadRequest
from pipeline.domain.throttle import Throttle

_CONFIG = SchemathesisConfig.from_dict(
    {
        "headers": {"Authorization": "Bearer admin-key-for-tests"},
        # 503 is what the document promises while a service is away; any other error of the server is a defect.
        "checks": {"not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", "503"]}},
        "generation": {"deterministic": True, "max-examples": 5, "database": "none", "mode": "all"},
    }
)
schema = schemathesis.openapi.from_dict(described(), config=_CONFIG)
schema.app = DispatcherMiddleware(NotFound(), {"/api": application})


@pytest.fixture(scope="module", autouse=True)
def project(environment: dict[str, str]) -> Iterator[None]:
    """A project of its own: other tests do not see the settings and brands that are made here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EVENTS_SECRET", "secret-of-the-store")
        patch.setenv("EVENTS_HOSTS", "store.test")
        patch.setenv("GOOGLE_CLOUD_PROJECT", "fuzzed-project")
        patch.setattr(refusals, "wrong_keys", Throttle())
        for cache in CACHES:
            cache.cache_clear()
        yield
    for cache in CACHES:
        cache.cache_clear()


@schema.parametrize()
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_the_api_answers_as_its_document_says(case: schemathesis.Case) -> None:
    refusals.wrong_keys = Throttle()  # wrong keys are tried here, too: none of them slows the next request
    said = _printable(case.body) and not (_timed(case) or _names_providers(case.body) or _names_others(case))
    case.call_and_validate(excluded_checks=[] if said else [positive_data_acceptance])


def _printable(body: Any) -> bool:
    """Whether a body has only such text as the document's description allows: its schemas cannot say it."""
    try:
        text.check(body)
    except BadRequest:
        return False
    return True


def _timed(case: schemathesis.Case) -> bool:
    """Whether a request says until when: that it must lie ahead, or after the beginning, no schema can say."""
    body: Any = case.body
    return not {"expires", "to"}.isdisjoint(case.query or {}) or (
        isinstance(body, dict) and not {"until", "to"}.isdisjoint(body)
    )


def _names_providers(body: Any) -> bool:
    """Whether a body names or adds providers: which there are, and what each type needs, no schema can say."""
    if not isinstance(body, dict):
        return False
    settings = body.get("settings") if isinstance(body.get("settings"), dict) else body
    return bool(settings.get("providers") or settings.get("own_providers"))


def _names_others(case: schemathesis.Case) -> bool:
    """Whether no schema says all of what is right: streams and channels that are there, public addresses, time zones,
    the one of several things that a clip is cut from.
    """
    body: Any = case.body
    named = isinstance(body, dict) and not {"what", "channels", "schedule", "address"}.isdisjoint(body)
    return case.path.endswith("/clips") or named
