"""The machine that takes RTMP, where one is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.unit.infra.declared import declare, environment

from emulator.declaration.graph import Graph, lints

ROOT = Path(__file__).parents[3]
INSTANCE = "gcp:compute/instance:Instance"


@pytest.fixture(scope="module")
def graph(site: Path) -> Graph:
    return declare(site, rtmpServer="true")


def test_there_is_no_machine_unless_it_is_asked_for(site: Path) -> None:
    graph = declare(site)
    assert [r.label for r in graph.resources.values() if "compute" in r.type] == []
    assert "rtmpUrl" not in graph.exports


def test_the_address_is_what_encoders_are_given(graph: Graph) -> None:
    address = graph.named("gcp:compute/address:Address", "rtmp").outputs["address"]
    machine = graph.named(INSTANCE, "rtmp").inputs
    assert graph.exports["rtmpUrl"] == f"rtmp://{address}/live"
    assert machine["networkInterfaces"][0]["accessConfigs"][0]["natIp"] == address
    assert environment(graph, "front")["RELAY_ADDRESS"] == address  # its encoders are slowed by their own


def test_only_the_port_of_rtmp_is_open_and_only_on_that_machine(graph: Graph) -> None:
    rules = [firewall.inputs for firewall in graph.of("gcp:compute/firewall:Firewall")]
    assert [(rule["allows"], rule["targetServiceAccounts"]) for rule in rules] == [
        ([{"protocol": "tcp", "ports": ["1935"]}], ["dev-rtmp@acme-video.iam.gserviceaccount.com"])
    ]


def test_the_machine_may_pull_images_and_write_logs_and_nothing_else(graph: Graph) -> None:
    grants = [*graph.of("gcp:projects/iAMMember:IAMMember"), *graph.of("BucketIAMMember")]
    mine = {g.inputs["role"] for g in grants if g.inputs["member"].startswith("serviceAccount:dev-rtmp@")}
    assert mine == {"roles/artifactregistry.reader", "roles/logging.logWriter"}


def test_it_runs_the_built_image_against_ingest(graph: Graph) -> None:
    metadata = graph.named(INSTANCE, "rtmp").inputs["metadata"]
    assert metadata["image"] == graph.named("docker-build:index:Image", "rtmp").outputs["ref"]
    ingest = graph.named("gcp:cloudrunv2/service:Service", "ingest").outputs["uri"]
    assert f"INGEST_URL={ingest}" in metadata["environment"].splitlines()


def test_what_runs_at_boot_is_well_formed(graph: Graph) -> None:
    boot = graph.named(INSTANCE, "rtmp").inputs["metadata"]["user-data"]
    assert boot.startswith("#cloud-config\n")
    config = yaml.safe_load(boot)
    unit = written(config)["/etc/systemd/system/rtmp.service"]
    assert "METADATA" not in unit.replace("Metadata-Flavor", "") and "REGISTRY" not in unit
    assert "--registries=europe-west1-docker.pkg.dev" in unit
    assert config["runcmd"][-1] == "systemctl start rtmp.service"


def test_the_container_may_do_nothing_but_relay(graph: Graph) -> None:
    files = written(yaml.safe_load(graph.named(INSTANCE, "rtmp").inputs["metadata"]["user-data"]))
    unit, firewall = files["/etc/systemd/system/rtmp.service"], files["/etc/rtmp-firewall"]
    for option in ("--cap-drop ALL", "--read-only", "--security-opt no-new-privileges", "--publish 1935:1935"):
        assert option in unit
    assert "--network host" not in unit
    assert "--destination 169.254.169.254 ! --dport 53 --jump REJECT || exit 1" in firewall
    assert unit.index("/etc/rtmp-firewall") < unit.index("docker run")


def test_one_address_opens_a_few_connections(graph: Graph) -> None:
    files = written(yaml.safe_load(graph.named(INSTANCE, "rtmp").inputs["metadata"]["user-data"]))
    assert "--dport 1935 --syn --match connlimit --connlimit-above 8 --connlimit-mask 32" in files["/etc/rtmp-firewall"]


def written(config: dict[str, Any]) -> dict[str, str]:
    return {file["path"]: file["content"] for file in config["write_files"]}


def test_a_ready_image_needs_no_build(site: Path) -> None:
    graph = declare(site, rtmpServer="true", rtmpImage="registry.example/rtmp:1")
    assert graph.named(INSTANCE, "rtmp").inputs["metadata"]["image"] == "registry.example/rtmp:1"
    assert "rtmp" not in {image.name for image in graph.of("docker-build:index:Image")}


def test_no_lint_complains(graph: Graph) -> None:
    assert [complaint for complaint in lints.check(graph, ROOT) if "rtmp" in complaint] == []
