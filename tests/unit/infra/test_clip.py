"""The CLIP service, where one is wanted: an L4 that only `detect` may call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from emulator.graph import Graph, evaluate, lints
from emulator.graph.lints import access, lifecycle

ROOT = Path(__file__).parents[3]
SERVICE = "gcp:cloudrunv2/service:Service"


def declare(folder: Path, **config: str) -> Graph:
    (folder / "index.html").write_text("page")
    return evaluate(ROOT, project="acme-video", stack="dev", config={"siteDir": str(folder), **config})


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return declare(tmp_path_factory.mktemp("site"), clipService="true", clipModel="google/siglip-base-patch16-224")


def test_there_is_none_unless_it_is_asked_for(tmp_path: Path) -> None:
    graph = declare(tmp_path)
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


def test_detect_and_front_alone_may_call_it_and_housekeep_may_keep_it_warm(graph: Graph) -> None:
    name = graph.named(SERVICE, "clip").outputs["name"]
    grants = [g.inputs for g in graph.of("gcp:cloudrunv2/serviceIamMember:ServiceIamMember")]
    mine = {(g["role"], g["member"].partition("@")[0]) for g in grants if g["name"] == name}
    assert mine == {
        ("roles/run.invoker", "serviceAccount:dev-detect"),
        ("roles/run.invoker", "serviceAccount:dev-front"),
        (graph.named("IAMCustomRole", "clip-housekeep-scales").outputs["name"], "serviceAccount:dev-housekeep"),
    }


def test_who_keeps_it_warm_may_change_it_and_not_delete_it(graph: Graph) -> None:
    [role] = graph.of("IAMCustomRole")
    assert role.inputs["permissions"] == ["run.services.get", "run.services.update"]
    suffix = graph.named("RandomId", "clip-housekeep-scales").outputs["hex"]
    assert role.inputs["roleId"] == f"dev_clip_housekeep_scales_{suffix}", "the id of a deleted role stays taken"


def test_a_role_of_ours_that_is_wider_or_whose_id_comes_again_is_caught(graph: Graph) -> None:
    [role] = graph.of("IAMCustomRole")
    inputs = {**role.inputs, "permissions": [*role.inputs["permissions"], "run.services.delete"]}
    damaged = replace(graph, resources={**graph.resources, role.urn: replace(role, inputs=inputs, depends=())})
    assert [line.partition(": ")[2] for line in access.narrow_grants(damaged)] == [
        "run.services.delete is on no list of access.py"
    ]
    assert ["needs a random part" in line for line in lifecycle.comes_again(damaged)] == [True]


def test_who_needs_it_is_told_where_it_is(graph: Graph) -> None:
    functions = {f.name: f.inputs["serviceConfig"]["environmentVariables"] for f in graph.of("Function")}
    service = graph.named(SERVICE, "clip")
    assert functions["detect"]["CLIP_URL"] == functions["housekeep"]["CLIP_URL"] == graph.exports["clipUrl"]
    front = graph.named(SERVICE, "front").inputs["template"]["containers"][0]["envs"]
    shown = {"name": "CLIP_URL", "value": graph.exports["clipUrl"]}
    assert shown in front, "it shows how CLIP stands, and previews thresholds"
    assert functions["housekeep"]["CLIP_SERVICE"] == service.id
    environment = {e["name"]: e["value"] for e in service.inputs["template"]["containers"][0]["envs"]}
    assert environment["CLIP_MODEL"] == "google/siglip-base-patch16-224"


def environment_of(graph: Graph) -> dict[str, str]:
    [container] = graph.named(SERVICE, "clip").inputs["template"]["containers"]
    return {e["name"]: e["value"] for e in container["envs"]}


def test_a_processor_is_never_billed_as_a_gpu(graph: Graph) -> None:
    assert environment_of(graph)["CLIP_DEVICE"] == "cuda"


def test_only_a_model_that_the_image_does_not_hold_is_fetched(graph: Graph, tmp_path: Path) -> None:
    assert environment_of(graph)["HF_HUB_OFFLINE"] == "0"
    assert "HF_HUB_OFFLINE" not in environment_of(declare(tmp_path, clipService="true"))


def test_the_lints_find_nothing(graph: Graph) -> None:
    assert list(lints.check(graph, ROOT)) == []


def test_one_on_a_machine_of_ones_own_is_told_to_those_who_call_it_its_key_as_a_secret(tmp_path: Path) -> None:
    graph = declare(tmp_path, clipUrl="https://gpu.example", clipKey="a-key-of-the-test")
    assert {service.name for service in graph.of(SERVICE)} == {"front", "ingest"}
    detect = graph.named("gcp:cloudfunctionsv2/function:Function", "detect").inputs["serviceConfig"]
    assert detect["environmentVariables"]["CLIP_URL"] == "https://gpu.example"
    assert [one["key"] for one in detect["secretEnvironmentVariables"]] == ["CLIP_KEY"]
    [front] = graph.named(SERVICE, "front").inputs["template"]["containers"]
    plain = {env["name"]: env.get("value") for env in front["envs"]}
    assert plain["CLIP_URL"] == "https://gpu.example"
    assert plain["CLIP_KEY"] is None, "from Secret Manager"
    readers = graph.of("gcp:secretmanager/secretIamMember:SecretIamMember")
    mine = {one.inputs["member"].partition("@")[0] for one in readers if "clip-key" in one.inputs["secretId"]}
    assert mine == {"serviceAccount:dev-detect", "serviceAccount:dev-front"}
