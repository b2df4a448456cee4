"""Programs are evaluated without an engine, and what is wrong with them is said by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pulumi
import pytest
from pulumi_gcp import dns, projects, pubsub, secretmanager, storage

from emulator.declaration.graph import Archive, FileAsset, Graph, address, evaluate
from emulator.declaration.graph.errors import DuplicateUrn, NoAnswer, ProgramFailed, UnknownType, UnresolvedInput


class Ports:
    """Ports by the length of the name."""

    def port_for(self, resource_name: str) -> int:
        return 9000 + len(resource_name)


def run(root: Path, program: Callable[[], None], *, local: bool = False, **config: str) -> Graph:
    ports = Ports() if local else None
    return evaluate(root, project="acme-video", stack="dev", config=config, ports=ports, program=program)


def test_inputs_outputs_and_exports_are_resolved(root: Path) -> None:
    def program() -> None:
        topic = pubsub.Topic("t", name="frames")
        pubsub.Subscription("s", topic=topic.id, ack_deadline_seconds=30)
        pulumi.export("topic", topic.id)

    graph = run(root, program)

    assert graph.named("Subscription", "s").inputs == {
        "ackDeadlineSeconds": 30,
        "topic": "projects/acme-video/topics/frames",
    }
    assert graph.named("Subscription", "s").depends == (graph.named("Topic", "t").urn,)
    assert graph.exports == {"topic": "projects/acme-video/topics/frames"}


def test_a_type_on_no_list_is_an_error_that_names_the_resource(root: Path) -> None:
    with pytest.raises(UnknownType, match=r"ManagedZone front: gcp:dns/managedZone:ManagedZone is on no list"):
        run(root, lambda: dns.ManagedZone("front", dns_name="a.example.") and None)


def test_two_resources_of_one_name_are_an_error(root: Path) -> None:
    def program() -> None:
        pubsub.Topic("frames")
        pubsub.Topic("frames")

    with pytest.raises(DuplicateUrn, match="Topic frames: declared twice"):
        run(root, program)


def test_an_input_that_nobody_can_know_is_an_error_that_names_it(root: Path) -> None:
    def program() -> None:
        bucket = storage.Bucket("media", location="eu")
        pubsub.Topic("frames", name=bucket.project_number.apply(str))

    with pytest.raises(UnresolvedInput, match="Topic frames: name would still be unknown"):
        run(root, program)


def test_an_export_that_nobody_can_know_is_an_error(root: Path) -> None:
    def program() -> None:
        pulumi.export("number", storage.Bucket("media", location="eu").project_number)

    with pytest.raises(UnresolvedInput, match="number"):
        run(root, program)


def test_a_provider_function_without_an_answer_is_an_error(root: Path) -> None:
    def program() -> None:
        pubsub.Topic("t", name=projects.get_organization_policy_output(constraint="c", project="p").version.apply(str))

    with pytest.raises(NoAnswer, match=r"getOrganizationPolicy.*ANSWERS"):
        run(root, program)


def test_what_the_program_raises_is_told_in_one_line(root: Path) -> None:
    def program() -> None:
        pulumi.Config().require("colour")

    with pytest.raises(ProgramFailed, match="colour") as failure:
        run(root, program)
    assert failure.value.__cause__ is not None


def test_an_error_inside_an_apply_is_told(root: Path) -> None:
    def program() -> None:
        pubsub.Topic("t", name=pubsub.Topic("a", name="a").name.apply(lambda name: getattr(name, "missing")))  # noqa: B009

    with pytest.raises(ProgramFailed, match="missing"):
        run(root, program)


def test_a_failed_evaluation_leaves_nothing_behind(root: Path) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    with pytest.raises(ProgramFailed):
        run(root, broken)
    assert len(run(root, lambda: pubsub.Topic("t") and None).resources) == 1


def test_secrets_are_noted_by_path_and_follow_what_is_made_of_them(root: Path) -> None:
    def program() -> None:
        key = pulumi.Config().require_secret("key")
        version = secretmanager.SecretVersion("v", secret="s", secret_data=key)
        pubsub.Topic("t", labels={"open": "a", "hidden": version.secret_data.apply(lambda data: f"<{data}>")})
        pulumi.export("key", key)

    graph = run(root, program, key="opensesame")

    assert graph.named("SecretVersion", "v").secrets == ("secretData",)
    assert graph.named("Topic", "t").secrets == ("labels.hidden",)
    assert graph.named("Topic", "t").inputs["labels"] == {"open": "a", "hidden": "<opensesame>"}
    assert graph.secret_exports == ("key",)


def test_files_stay_paths(root: Path, site: Path) -> None:
    def program() -> None:
        files = {"main.py": pulumi.FileAsset(str(site / "index.html")), "lib": pulumi.FileArchive(str(site))}
        storage.BucketObject("a", bucket="b", source=pulumi.AssetArchive(files))

    archive = run(root, program).named("BucketObject", "a").inputs["source"]

    assert isinstance(archive, Archive)
    assert archive.entries == {
        "main.py": FileAsset(site / "index.html"),
        "lib/index.html": FileAsset(site / "index.html"),
        "lib/assets/index-1a2b.js": FileAsset(site / "assets" / "index-1a2b.js"),
    }


def test_addresses_are_those_of_the_ports_in_resources_and_settings(root: Path) -> None:
    def program() -> None:
        pulumi.export("storage", pulumi.Config().require("storage"))

    graph = run(root, program, local=True, storage=f"http://{address('gcs')}/media/")

    assert graph.exports == {"storage": "http://127.0.0.1:9003/media/"}


def test_the_program_of_this_repository_gives_the_same_graph_each_time(root: Path, site: Path) -> None:
    first, second = (
        evaluate(root, project="acme-video", stack="dev", config={"siteDir": str(site)}, ports=Ports()) for _ in "ab"
    )
    assert first == second
    assert list(first.resources) == list(second.resources)


def test_resources_come_after_those_they_depend_on(graph: Graph) -> None:
    seen: set[str] = set()
    for resource in graph.resources.values():
        assert set(resource.depends) <= seen, resource.label
        seen.add(resource.urn)


def test_functions_and_services_answer_at_their_ports(root: Path, site: Path) -> None:
    graph = evaluate(root, project="acme-video", stack="dev", config={"siteDir": str(site)}, ports=Ports())

    assert graph.exports["ingestUrl"] == "http://127.0.0.1:9006"
    assert graph.exports["apiUrl"] == "http://127.0.0.1:9005/api"
    front = graph.named("gcp:cloudrunv2/service:Service", "front").inputs["template"]["containers"][0]["envs"]
    assert {"name": "INGEST_URL", "value": "http://127.0.0.1:9006"} in front
    push = graph.named("Subscription", "sample").inputs["pushConfig"]
    assert push["pushEndpoint"] == "http://127.0.0.1:9006/projects/acme-video/topics/dev-segments"
    assert ".invalid" not in graph.to_json()


def test_a_graph_survives_json(graph: Graph) -> None:
    assert Graph.from_json(graph.to_json()) == graph


def test_a_resource_that_is_not_there_is_named(graph: Graph) -> None:
    with pytest.raises(KeyError, match="there is no Topic audio; there are"):
        graph.named("Topic", "audio")
