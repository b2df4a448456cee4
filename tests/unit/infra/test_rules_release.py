"""Rules are released in place: what exists is changed, what is missing is made, and no reader is refused in between."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf import struct_pb2
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from tests.unit.infra.declared import ROOT
from tests.unit.infra.firebase_rules import PROJECT, RELEASE, Rules, credentials, serving

from components.rules_release import API, ReleaseFailed, ReleaseProvider
from emulator.declaration.graph import Graph, kinds

PROPERTIES = {"project": PROJECT, "name": "cloud.firestore", "rulesetName": "projects/acme-video/rulesets/2"}
OLD, NEW = "projects/acme-video/rulesets/1", "projects/acme-video/rulesets/2"
COLLECTION = f"/v1/projects/{PROJECT}/releases"


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rules]:
    with serving() as server:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(credentials(tmp_path, server)))
        yield server


@pytest.fixture
def provider(rules: Rules) -> ReleaseProvider:
    return ReleaseProvider(f"{rules.url}/v1")


def test_a_project_without_rules_gets_its_first_release(rules: Rules, provider: ReleaseProvider) -> None:
    created = provider.create(PROPERTIES)
    assert (created.id, created.outs) == (RELEASE, PROPERTIES)
    assert rules.releases == {RELEASE: NEW}
    assert rules.calls == [("PATCH", f"/v1/{RELEASE}"), ("POST", COLLECTION)]


def test_a_release_that_is_there_already_is_taken_over(rules: Rules, provider: ReleaseProvider) -> None:
    rules.releases = {RELEASE: OLD}
    provider.create(PROPERTIES)
    assert rules.releases == {RELEASE: NEW}
    assert rules.calls == [("PATCH", f"/v1/{RELEASE}")]


def test_one_that_is_made_in_between_is_changed(rules: Rules, provider: ReleaseProvider) -> None:
    rules.late = {RELEASE: OLD}
    provider.create(PROPERTIES)
    assert rules.releases == {RELEASE: NEW}
    assert rules.calls == [("PATCH", f"/v1/{RELEASE}"), ("POST", COLLECTION), ("PATCH", f"/v1/{RELEASE}")]


def test_a_change_points_the_release_to_the_new_rules_and_deletes_nothing(
    rules: Rules, provider: ReleaseProvider
) -> None:
    rules.releases = {RELEASE: OLD}
    old = {**PROPERTIES, "rulesetName": OLD}
    difference = provider.diff(RELEASE, old, PROPERTIES)
    assert (difference.changes, difference.replaces) == (True, [])
    assert provider.update(RELEASE, old, PROPERTIES).outs == PROPERTIES
    assert rules.releases == {RELEASE: NEW}
    assert {method for method, _ in rules.calls} == {"PATCH"}


def test_the_same_rules_are_no_change_and_another_database_is_another_release(provider: ReleaseProvider) -> None:
    assert provider.diff(RELEASE, PROPERTIES, {**PROPERTIES, "__provider": "x"}).changes is False
    other = provider.diff(RELEASE, PROPERTIES, {**PROPERTIES, "name": "cloud.firestore/second"})
    assert (other.changes, other.replaces) == (True, ["name"])


def test_the_release_of_a_named_database_is_addressed_with_its_slash(rules: Rules, provider: ReleaseProvider) -> None:
    created = provider.create({**PROPERTIES, "name": "cloud.firestore/second"})
    assert created.id == f"{RELEASE}/second"
    assert rules.calls[0] == ("PATCH", f"/v1/{RELEASE}/second")


def test_what_was_released_by_hand_is_seen(rules: Rules, provider: ReleaseProvider) -> None:
    rules.releases = {RELEASE: OLD}
    assert provider.read(RELEASE, PROPERTIES).outs == {**PROPERTIES, "rulesetName": OLD}
    rules.releases = {}
    assert provider.read(RELEASE, PROPERTIES).id == ""


def test_destroying_leaves_the_release(rules: Rules, provider: ReleaseProvider) -> None:
    rules.releases = {RELEASE: NEW}
    provider.delete(RELEASE, PROPERTIES)
    assert rules.releases == {RELEASE: NEW}
    assert rules.calls == []


def test_a_refusal_says_what_was_asked_and_what_came(rules: Rules, provider: ReleaseProvider) -> None:
    with pytest.raises(
        ReleaseFailed, match=r"PATCH projects/other/releases/cloud\.firestore: expected 200, got 403: .*PERM"
    ):
        provider.create({**PROPERTIES, "project": "other"})


def test_pulumi_runs_it_in_the_process_that_it_starts_for_such_resources(rules: Rules) -> None:
    """As the engine does: `python -m pulumi.dynamic` in the program's folder finds the provider by its module."""
    rules.releases = {RELEASE: OLD}
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    command = [sys.executable, "-u", "-m", "pulumi.dynamic"]
    process = subprocess.Popen(command, cwd=ROOT / "infra", env=environment, stdout=subprocess.PIPE)
    try:
        assert process.stdout
        port = int(process.stdout.readline())
        properties = struct_pb2.Struct()
        properties.update({**PROPERTIES, "__provider": serialize_provider(ReleaseProvider(f"{rules.url}/v1"))})
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = provider_pb2_grpc.ResourceProviderStub(channel)
            created = stub.Create(provider_pb2.CreateRequest(properties=properties), timeout=60)
            assert created.id == RELEASE
            assert rules.releases == {RELEASE: NEW}
            assert created.properties.fields["rulesetName"].string_value == NEW
            stub.Delete(provider_pb2.DeleteRequest(id=created.id, properties=created.properties), timeout=60)
            assert rules.releases == {RELEASE: NEW}
    finally:
        process.kill()
        process.wait(30)


def test_the_program_declares_it_for_the_ruleset_that_stays(graph: Graph) -> None:
    release, ruleset = graph.named("Release", "firestore"), graph.named("Ruleset", "firestore")
    assert {key: release.inputs[key] for key in ("project", "name", "rulesetName")} == {
        "project": PROJECT,
        "name": "cloud.firestore",
        "rulesetName": ruleset.outputs["name"],
    }
    assert release.inputs["__provider"] == serialize_provider(ReleaseProvider(API))
    assert ruleset.inputs["deletionPolicy"] == "ABANDON", "what a release names cannot be deleted"


def test_google_s_own_release_which_is_deleted_to_be_changed_cannot_come_back_unseen() -> None:
    assert not kinds.is_known("gcp:firebaserules/release:Release")
