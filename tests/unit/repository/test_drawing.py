"""The drawing of the architecture shows what is declared: every workload, queue and store, and nothing else."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from tests.unit.infra.declared import declare

from emulator.declaration.graph import Graph
from pipeline.domain import names
from pipeline.domain.providers import PROVIDERS

ROOT = Path(__file__).parents[3]
SOURCE = (ROOT / "docs" / "architecture.dot").read_text()
DRAWING = re.sub(r"edge \[style=invis\].*?edge \[style=solid\]", "", SOURCE, flags=re.S)  # those only order nodes
SVG = html.unescape((ROOT / "docs" / "architecture.svg").read_text())

# The first part of a node's name -> the type of resource that it stands for.
KINDS = {
    "service": "gcp:cloudrunv2/service:Service",
    "function": "gcp:cloudfunctionsv2/function:Function",
    "job": "gcp:cloudrunv2/job:Job",
    "machine": "gcp:compute/instance:Instance",
    "topic": "gcp:pubsub/topic:Topic",
    "bucket": "gcp:storage/bucket:Bucket",
    "database": "gcp:firestore/database:Database",
    "schedule": "gcp:cloudscheduler/job:Job",
}
# What is no resource of ours: who sends, watches and operates, and Google's own monitoring.
OUTSIDE = {"sender", "rtmp", "file", "viewer", "operator", "store", "receiver", "monitoring"}
# Providers that are no service of ours: two of Google's, and one that runs inside `detect`.
INSIDE_OR_GOOGLES = {name for name, one in PROVIDERS.items() if not one.remote} | {"speech"}
OPTIONAL = {
    "rtmpServer": "true",
    "clipService": "true",
    "clipKey": "a key of 24 characters or more",
    "eventsHosts": "store.example",
    "domain": "watch.example.com",
    "cpuQuota": "200",
    "memoryQuota": "400",
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    """The program with all that settings can switch on."""
    site = tmp_path_factory.mktemp("site")
    (site / "index.html").write_text("")
    return declare(site, **OPTIONAL)


def node(topic: str) -> str:
    """The node of a topic: those of batch are one, and so are those of dead letters."""
    if topic.endswith("-dead"):
        return "dead"
    return "batch" if topic.startswith("batch-") else topic


def drawn() -> set[str]:
    """Every node, and every cluster that stands for a bucket."""
    nodes = set(re.findall(r"^\s*([a-z_]+) +\[label=", DRAWING, re.M))
    return nodes | set(re.findall(r"subgraph cluster_(bucket_\w+)", DRAWING))


def of(kind: str) -> set[str]:
    return {node.removeprefix(f"{kind}_") for node in drawn() if node.startswith(f"{kind}_")}


def edges() -> set[tuple[str, str]]:
    """Arrows as they are seen: from where to where."""
    found: set[tuple[str, str]] = set()
    for tail, head, rest in re.findall(r"^\s*(\w+) -> (\w+)(.*)$", DRAWING, re.M):
        found |= {(head, tail)} if "dir=back" in rest else {(tail, head)}
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_each_resource_of_a_kind_is_drawn_and_no_other(everything: Graph, kind: str) -> None:
    names = {resource.name for resource in everything.of(KINDS[kind])}
    declared = {(node(name) if kind == "topic" else name).replace("-", "_") for name in names}
    assert declared
    assert of(kind) == declared


def test_topics_that_are_one_node_are_named(everything: Graph) -> None:
    label = re.search(r'topic_batch +\[label="([^"]*)"', DRAWING)
    assert label
    shown = {"batch-" + name for name in re.findall(r"-([a-z]+)", label[1])}
    assert shown == {one.name for one in everything.of(KINDS["topic"]) if node(one.name) == "batch"}


def test_everything_else_that_is_drawn_is_known() -> None:
    assert of("outside") == OUTSIDE
    assert of("provider") == INSIDE_OR_GOOGLES
    prefixes = (names.SEGMENTS, names.PLAYLISTS, names.FRAMES, names.RESULTS, names.BRANDS, names.STAGING, names.CLIPS)
    assert of("object") == {prefix.strip("/") for prefix in (*prefixes, names.BATCH)}
    known = {*KINDS, "outside", "provider", "object"}
    assert {node for node in drawn() if node.partition("_")[0] not in known} == {"secrets"}


def test_every_provider_is_drawn() -> None:
    assert {*PROVIDERS, "speech"} == of("provider") | {"clip", "owl"}  # one service
    assert "clip" in of("service")


def test_every_secret_is_named(everything: Graph) -> None:
    declared = {secret.name for secret in everything.of("gcp:secretmanager/secret:Secret")}
    label = re.search(r'secrets +\[label="([^"]*)"', DRAWING)
    assert label
    assert declared == set(re.findall(r"[a-z]+-[a-z]+", label[1].replace("\\n", " ")))


def test_each_push_subscription_is_an_arrow_from_its_topic_to_its_function(everything: Graph) -> None:
    topics = {topic.id: node(topic.name) for topic in everything.of(KINDS["topic"])}
    functions = {one.outputs["serviceConfig"]["uri"]: one.name for one in everything.of(KINDS["function"])}
    pushed = {
        (f"topic_{topics[one['topic']]}", f"function_{functions[one['pushConfig']['oidcToken']['audience']]}")
        for one in (subscription.inputs for subscription in everything.of("gcp:pubsub/subscription:Subscription"))
    }
    assert len(pushed) > 5
    assert {edge for edge in edges() if edge[0].startswith("topic_") and edge[1].startswith("function_")} == pushed


def test_each_dead_letter_topic_is_where_its_topic_leads(everything: Graph) -> None:
    topics = {topic.id: node(topic.name) for topic in everything.of(KINDS["topic"])}
    policies = [
        (one.inputs["topic"], one.inputs["deadLetterPolicy"]["deadLetterTopic"])
        for one in everything.of("gcp:pubsub/subscription:Subscription")
        if "deadLetterPolicy" in one.inputs
    ]
    assert policies
    for topic, dead in policies:
        assert (f"topic_{topics[topic]}", f"topic_{topics[dead]}") in edges()


def test_each_notification_is_an_arrow_from_its_objects_to_its_topic(everything: Graph) -> None:
    topics = {topic.outputs["name"]: node(topic.name) for topic in everything.of(KINDS["topic"])}
    notifications = everything.of("gcp:storage/notification:Notification")
    assert notifications
    for one in notifications:
        prefix, topic = one.inputs["objectNamePrefix"].strip("/"), topics[one.inputs["topic"].rpartition("/")[2]]
        source = "bucket_uploads" if prefix == "uploads" else f"object_{prefix.partition('/')[0]}"
        assert (source, f"topic_{topic}") in edges()


def test_the_timer_calls_its_function(everything: Graph) -> None:
    [job] = everything.of(KINDS["schedule"])
    assert (f"schedule_{job.name}", f"function_{job.name}") in edges()


def test_the_picture_is_drawn_from_its_source() -> None:
    """`make docs` draws it."""
    titles = set(re.findall(r"<title>([^<]*)</title>", SVG))
    shown = {title.removeprefix("cluster_") for title in titles if "->" not in title}
    assert drawn() <= shown
    arrows = set(re.findall(r"^\s*(\w+) -> (\w+)", DRAWING, re.M))
    assert arrows <= {tuple(title.split("->")) for title in titles}
    for label in re.findall(r'label="([^"]*)"', DRAWING):
        for line in filter(None, label.split("\\n")):
            assert line.strip() in SVG.replace("\N{NO-BREAK SPACE}", " "), line
