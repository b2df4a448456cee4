"""Functions, services and jobs: what they are built from, what calls them, and what they are told."""

from __future__ import annotations

from pathlib import Path

from tests.unit.infra.declared import ROOT, SERVICE, declare, environment

from emulator.declaration.graph import Archive, Graph
from emulator.processes.memory import parse
from ingest.media.transcode import memory
from pipeline.domain import names
from pipeline.media.limits import IN_FILE
from pipeline.reports import cost


def test_notifications_carry_the_prefixes_of_the_object_names(graph: Graph) -> None:
    notifications = {n.inputs["objectNamePrefix"]: n.inputs for n in graph.of("Notification")}
    live = (names.SEGMENTS, names.FRAMES, names.RESULTS)
    assert notifications.keys() == {*live, *(f"{names.BATCH}{one}" for one in live), names.UPLOADS}
    for prefix, inputs in notifications.items():
        assert inputs["topic"] == f"projects/acme-video/topics/dev-{prefix.strip('/').replace('/', '-')}"
        assert inputs["eventTypes"] == ["OBJECT_FINALIZE"]
        assert inputs["payloadFormat"] == "JSON_API_V1"


def test_the_source_archive_holds_the_functions_and_no_caches(graph: Graph) -> None:
    archive = graph.named("BucketObject", "functions").inputs["source"]
    assert isinstance(archive, Archive)
    assert {"main.py", "requirements.txt", "pipeline/__init__.py", "pipeline/sampling/handler.py"} <= set(
        archive.entries
    )
    assert not [name for name in archive.entries if "__pycache__" in name or name.endswith(".pyc")]


def test_the_source_archive_is_named_by_its_contents(graph: Graph, site: Path) -> None:
    name = graph.named("BucketObject", "functions").inputs["name"]
    assert declare(site, stack="other").named("BucketObject", "functions").inputs["name"] == name
    for function in graph.of("Function"):
        assert function.inputs["buildConfig"]["source"]["storageSource"]["object"] == name


def test_functions_are_the_handlers_of_main(graph: Graph) -> None:
    main = (ROOT / "functions" / "main.py").read_text()
    entry_points = {function.inputs["buildConfig"]["entryPoint"] for function in graph.of("Function")}
    assert entry_points == {
        *("sample", "detect", "remote", "track", "transcribe", "batch"),
        *("imports", "housekeep", "bury", "rules", "deliver"),
    }
    assert all(f"def {name}(" in main for name in entry_points)


def test_a_stage_is_warm_whose_results_a_live_page_waits_for(site: Path) -> None:
    live = declare(site, minInstances="1")
    read = {s.name: s.inputs["topic"] for s in live.of("Subscription") if s.inputs.get("pushConfig")}
    waited_for = {topic for topic in read.values() if topic.rpartition("-")[2] in {"segments", "frames", "results"}}
    cold = {f.name for f in live.of("Function") if not f.inputs["serviceConfig"]["minInstanceCount"]}
    assert {name for name, topic in read.items() if topic in waited_for and name in cold} == {"transcribe"}
    giving_way = [f.name for f in live.of("Function") if (f.inputs.get("labels") or {}).get("gives-way")]
    assert giving_way == ["track", "batch"]


def test_a_segment_is_sampled_and_listened_to_each_on_its_own(graph: Graph) -> None:
    read = {s.name: s.inputs["topic"] for s in graph.of("Subscription") if s.inputs.get("pushConfig")}
    assert read["sample"] == read["transcribe"]
    enabled = {api.inputs["service"] for api in graph.of("gcp:projects/service:Service")}
    assert "speech.googleapis.com" in enabled


def test_live_streams_and_batch_share_no_queue_and_no_instance(graph: Graph) -> None:
    pushed = {
        s.inputs["topic"].rpartition("/")[2]: s.inputs["pushConfig"]["oidcToken"]["audience"]
        for s in graph.of("Subscription")
        if s.inputs.get("deadLetterPolicy")
    }
    batch = graph.named("Function", "batch").outputs["serviceConfig"]["uri"]
    assert {topic for topic, uri in pushed.items() if uri == batch} == {
        f"dev-batch-{part}" for part in ("segments", "frames", "results", "reanalysis")
    }
    prefixes = {n.inputs["objectNamePrefix"]: n.inputs["topic"].rpartition("/")[2] for n in graph.of("Notification")}
    for prefix, topic in prefixes.items():
        assert prefix.startswith(names.BATCH) == (pushed[topic] == batch)
    given = {f.name: f.inputs["serviceConfig"]["environmentVariables"] for f in graph.of("Function")}
    assert {name for name, variables in given.items() if "BATCH_INSTANCES" in variables} == {"batch"}


def test_what_waits_behind_live_streams_may_wait_for_longer(graph: Graph) -> None:
    live, batch = (graph.named("gcp:pubsub/subscription:Subscription", name) for name in ("detect", "batch-frames"))
    kept = [int(one.inputs["messageRetentionDuration"].rstrip("s")) for one in (live, batch)]
    attempts = [one.inputs["deadLetterPolicy"]["maxDeliveryAttempts"] for one in (live, batch)]
    assert kept == [86400, 7 * 86400]
    assert attempts == [30, 90]


def test_each_topic_s_dead_letters_are_pushed_to_where_they_are_kept(graph: Graph) -> None:
    bury = graph.named("Function", "bury").outputs["serviceConfig"]["uri"]
    pushed = {
        s.inputs["topic"]: s.inputs["pushConfig"]["oidcToken"]
        for s in graph.of("Subscription")
        if s.inputs["pushConfig"]["pushEndpoint"].startswith(f"{bury}/")
    }
    given_up = {
        s.inputs["deadLetterPolicy"]["deadLetterTopic"]
        for s in graph.of("Subscription")
        if s.inputs.get("deadLetterPolicy")
    }
    assert pushed.keys() == given_up
    assert {token["serviceAccountEmail"].partition("@")[0] for token in pushed.values()} == {"dev-bury-push"}


def test_the_importer_may_take_two_pictures_of_8k_more_than_it_gives_up_at(graph: Graph) -> None:
    task = graph.named("gcp:cloudrunv2/job:Job", "importer").inputs["template"]["template"]
    declared = parse(task["containers"][0]["resources"]["limits"]["memory"])
    largest = IN_FILE.pixels * 3 * 2  # bytes in 4:4:4, with more than 8 bits
    assert memory.MOST + 2 * largest <= declared


def test_the_importer_has_a_command_so_that_arguments_are_all_that_is_overridden(graph: Graph) -> None:
    task = graph.named("gcp:cloudrunv2/job:Job", "importer").inputs["template"]["template"]
    assert task["containers"][0]["commands"] == ["python", "-m", "importer"]
    assert (task["timeout"], task["maxRetries"]) == ("86400s", 2)


def test_announcing_segments_is_off_until_hosts_are_named(site: Path, graph: Graph) -> None:
    assert "EVENTS_HOSTS" not in environment(graph, "front")
    announcing = declare(site, eventsHosts="cdn.example", eventsSecret="sesame-sesame-sesame-sesame")
    given = environment(announcing, "front")
    assert given["EVENTS_HOSTS"] == "cdn.example"
    assert {name for name, value in given.items() if value is None} >= {"ADMIN_KEY", "EVENTS_SECRET"}
    assert announcing.secret_exports == ("adminKey", "eventsSecret")


def test_the_ingest_image_is_built_from_the_repository_and_named_by_its_digest(graph: Graph) -> None:
    image = graph.named("Image", "ingest")
    assert (image.inputs["context"], image.inputs["dockerfile"]) == (
        {"location": ".."},
        {"location": "../runner/ingest/Dockerfile"},
    )
    assert (ROOT / "infra" / image.inputs["dockerfile"]["location"]).is_file()
    container = graph.named(SERVICE, "ingest").inputs["template"]["containers"][0]
    assert container["image"] == image.outputs["ref"]
    assert "@sha256:" in container["image"]


def test_a_ready_image_needs_neither_build_nor_registry(site: Path) -> None:
    images = {f"{name}Image": f"ghcr.io/acme/{name}@sha256:1234" for name in ("ingest", "front", "importer", "cutter")}
    graph = declare(site, **images)
    container = graph.named(SERVICE, "ingest").inputs["template"]["containers"][0]
    assert container["image"] == "ghcr.io/acme/ingest@sha256:1234"
    assert graph.of("Image") == []
    assert [repository.name for repository in graph.of("Repository")] == ["functions"], "functions are always built"


def test_one_container_takes_as_many_requests_as_it_takes_streams(site: Path) -> None:
    template = declare(site, streamsPerInstance="7").named(SERVICE, "ingest").inputs["template"]
    envs = {env["name"]: env.get("value") for env in template["containers"][0]["envs"]}
    assert template["maxInstanceRequestConcurrency"] == int(envs["MAX_STREAMS"]) == 7
    assert template["timeout"] == "3600s"


def test_a_function_has_as_many_threads_as_it_is_given_requests(graph: Graph) -> None:
    for function in graph.of("Function"):
        config = function.inputs["serviceConfig"]
        assert config["environmentVariables"]["THREADS"] == str(config["maxInstanceRequestConcurrency"])


def test_pipeline_settings_reach_the_workload_that_reads_them(site: Path) -> None:
    graph = declare(site, segmentSeconds="4", sampleMaxInterval="10", detectKinds="logo", logLevel="DEBUG")
    functions = {f.name: f.inputs["serviceConfig"]["environmentVariables"] for f in graph.of("Function")}
    assert functions["sample"]["SAMPLE_MAX_INTERVAL"] == "10.0"
    assert functions["detect"]["DETECT_KINDS"] == "logo"
    front = environment(graph, "front")
    assert front["LOG_LEVEL"] == "DEBUG"
    assert front["SAMPLE_MAX_INTERVAL"] == "10.0", "it says what holds where nothing is set"
    assert environment(graph, "ingest")["SEGMENT_SECONDS"] == "4.0"


def test_reports_price_the_machines_that_are_declared(graph: Graph, site: Path) -> None:
    sizes = {f.name: f.inputs["serviceConfig"]["availableMemory"] for f in graph.of("Function")}
    priced = {"sample": cost.SAMPLE, "detect": cost.DETECT, "track": cost.TRACK, "transcribe": cost.TRANSCRIBE}
    assert {name: sizes[name] for name in priced} == {name: f"{machine.memory}Gi" for name, machine in priced.items()}
    services = [(graph, "ingest", cost.INGEST), (declare(site, clipService="true"), "clip", cost.CLIP)]
    for program, name, machine in services:
        (container,) = program.named(SERVICE, name).inputs["template"]["containers"]
        limits = container["resources"]["limits"]
        assert (limits["cpu"], limits["memory"]) == (f"{machine.cpus}", f"{machine.memory}Gi")
