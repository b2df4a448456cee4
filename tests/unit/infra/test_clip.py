"""The CLIP service, where one is wanted: an L4 that only `detect`, `front` and `housekeep` may call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.unit.infra.declared import declare

from emulator.declaration.graph import Graph, lints
from emulator.declaration.graph.lints import access

ROOT = Path(__file__).parents[3]
SERVICE = "gcp:cloudrunv2/service:Service"


@pytest.fixture(scope="module")
def graph(site: Path) -> Graph:
    return declare(site, clipService="true", clipModel="google/siglip-base-patch16-224")


def test_there_is_none_unless_it_is_asked_for(site: Path) -> None:
    graph = declare(site)
    assert {service.name for service in graph.of(SERVICE)} == {"front", "ingest"}
    detect = graph.named("gcp:cloudfunctionsv2/function:Function", "detect")
    assert "CLIP_URL" not in detect.inputs["serviceConfig"]["environmentVariables"]


def test_it_has_a_gpu_and_no_instance_while_nobody_calls(graph: Graph) -> None:
    template = graph.named(SERVICE, "clip").inputs["template"]
    [container] = template["containers"]
    assert template["nodeSelector"] == {"accelerator": "nvidia-l4"}
    assert container["resources"]["limits"] == {"cpu": "4", "memory": "16Gi", "nvidia.com/gpu": "1"}
    assert template["scaling"]["minInstanceCount"] == 0
    assert container["startupProbe"]["httpGet"]["path"] == "/health"


def test_those_that_need_it_may_call_it_and_do_nothing_else_to_it(graph: Graph) -> None:
    clip = graph.named(SERVICE, "clip")
    grants = [g.inputs for g in access.grants(graph)]
    mine = {(g["role"], g["member"].partition("@")[0]) for g in grants if g.get("name") == clip.outputs["name"]}
    assert mine == {
        ("roles/run.invoker", f"serviceAccount:dev-{caller}")
        for caller in ("batch", "detect", "front", "housekeep", "remote")
    }
    account = f"serviceAccounts/{clip.inputs['template']['serviceAccount']}"
    assert [g for g in grants if g.get("serviceAccountId", "").endswith(account)] == [], "nothing may act as it"


@pytest.mark.parametrize("role", ["roles/run.developer", "projects/acme-video/roles/scales"])
def test_a_role_that_may_change_it_is_caught(graph: Graph, role: str) -> None:
    grant = graph.named("ServiceIamMember", "clip-housekeep-calls")
    damaged = replace(
        graph, resources={**graph.resources, grant.urn: replace(grant, inputs={**grant.inputs, "role": role})}
    )
    assert list(access.narrow_grants(damaged)) == [f"{grant.label}: {role} is on no list of access.py"]


def test_who_needs_it_is_told_where_it_is(graph: Graph) -> None:
    functions = {f.name: f.inputs["serviceConfig"]["environmentVariables"] for f in graph.of("Function")}
    service = graph.named(SERVICE, "clip")
    assert functions["detect"]["CLIP_URL"] == functions["housekeep"]["CLIP_URL"] == graph.exports["clipUrl"]
    front = graph.named(SERVICE, "front").inputs["template"]["containers"][0]["envs"]
    shown = {"name": "CLIP_URL", "value": graph.exports["clipUrl"]}
    assert shown in front, "it shows how CLIP stands, and previews thresholds"
    environment = {e["name"]: e["value"] for e in service.inputs["template"]["containers"][0]["envs"]}
    assert environment["CLIP_MODEL"] == "google/siglip-base-patch16-224"


def environment_of(graph: Graph) -> dict[str, str]:
    [container] = graph.named(SERVICE, "clip").inputs["template"]["containers"]
    return {e["name"]: e["value"] for e in container["envs"]}


def test_a_processor_is_never_billed_as_a_gpu(graph: Graph) -> None:
    assert environment_of(graph)["CLIP_DEVICE"] == "cuda"


def test_only_a_model_that_the_image_does_not_hold_is_fetched(graph: Graph, site: Path) -> None:
    assert environment_of(graph)["HF_HUB_OFFLINE"] == "0"
    assert "HF_HUB_OFFLINE" not in environment_of(declare(site, clipService="true"))


def test_the_lints_find_nothing(graph: Graph) -> None:
    assert list(lints.check(graph, ROOT)) == []


def test_one_on_a_machine_of_ones_own_is_told_to_those_who_call_it_its_key_as_a_secret(site: Path) -> None:
    graph = declare(site, clipUrl="https://gpu.example", clipKey="a-key-of-the-test-1234567")
    assert {service.name for service in graph.of(SERVICE)} == {"front", "ingest"}
    detect = graph.named("gcp:cloudfunctionsv2/function:Function", "detect").inputs["serviceConfig"]
    assert detect["environmentVariables"]["CLIP_URL"] == "https://gpu.example"
    housekeep = graph.named("gcp:cloudfunctionsv2/function:Function", "housekeep").inputs["serviceConfig"]
    assert "CLIP_URL" not in housekeep["environmentVariables"], "a machine of one's own needs no call to stay"
    assert [one["key"] for one in detect["secretEnvironmentVariables"]] == ["CLIP_KEY", "PROVIDER_SECRET"]
    [front] = graph.named(SERVICE, "front").inputs["template"]["containers"]
    plain = {env["name"]: env.get("value") for env in front["envs"]}
    assert plain["CLIP_URL"] == "https://gpu.example"
    assert plain["CLIP_KEY"] is None, "from Secret Manager"
    readers = graph.of("gcp:secretmanager/secretIamMember:SecretIamMember")
    mine = {one.inputs["member"].partition("@")[0] for one in readers if "clip-key" in one.inputs["secretId"]}
    assert mine == {f"serviceAccount:dev-{caller}" for caller in ("batch", "detect", "front", "remote")}
