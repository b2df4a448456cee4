"""Inputs are what the provider's schema says, for every resource of the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from emulator.declaration.graph import Graph, schema


def test_the_program_keeps_to_the_schema(graph: Graph) -> None:
    assert schema.check(graph) == []


@pytest.mark.parametrize(
    ("type", "name", "path", "value", "complaint"),
    [
        (
            "gcp:storage/bucket:Bucket",
            "media",
            "versioned",
            True,
            "Bucket media:.versioned is not a property; there are",
        ),
        ("gcp:storage/bucket:Bucket", "media", "location", None, "Bucket media:.location is required"),
        ("gcp:storage/bucket:Bucket", "media", "forceDestroy", "yes", ".forceDestroy must be bool, not 'yes'"),
        ("gcp:storage/bucket:Bucket", "media", "cors", {}, ".cors must be a list"),
        ("gcp:storage/bucket:Bucket", "media", "cors.0.maxAgeSeconds", 1.5, ".cors[0].maxAgeSeconds must be int"),
        ("gcp:storage/bucket:Bucket", "media", "cors.0.verbs", [], ".cors[0].verbs is not a property"),
        ("gcp:storage/bucket:Bucket", "media", "softDeletePolicy", "no", "must be a BucketSoftDeletePolicyArgs"),
        ("Function", "sample", "serviceConfig.environmentVariables", ["A"], "environmentVariables must be a map"),
        ("Function", "sample", "serviceConfig.environmentVariables.PORT", 80, ".PORT must be str, not 80"),
        ("Subscription", "sample", "deadLetterPolicy.maxDeliveryAttempts", True, "must be int, not True"),
        ("Image", "ingest", "platforms", ["pdp/11"], ".platforms[0] must be Platform, not 'pdp/11'"),
        ("BucketObject", "index.html", "source", "index.html", ".source must be"),
    ],
)
def test_a_wrong_input_is_told(
    broken: Callable[..., Graph], type: str, name: str, path: str, value: Any, complaint: str
) -> None:
    complaints = schema.check(broken(type, name, inputs={path: value}))
    assert len(complaints) == 1
    assert complaint in complaints[0]
