"""What the program declares, as decisions that somebody relies on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from components import Cloud, Database
from emulator.graph import Archive, Graph, evaluate, lints, schema
from emulator.graph.errors import ProgramFailed
from pipeline import names

ROOT = Path(__file__).parents[3]
BUCKET = "gcp:storage/bucket:Bucket"
SERVICE = "gcp:cloudrunv2/service:Service"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    (folder / "assets").mkdir()
    for name in ("index.html", "favicon.svg", "assets/index-1a2b.js", "assets/index-1a2b.css"):
        (folder / name).write_text(name)
    return folder


def declare(site: Path, stack: str = "dev", **config: str) -> Graph:
    return evaluate(ROOT, project="acme-video", stack=stack, config={"siteDir": str(site), **config})


@pytest.fixture(scope="module")
def graph(site: Path) -> Graph:
    return declare(site)


def test_notifications_carry_the_prefixes_of_the_object_names(graph: Graph) -> None:
    notifications = {n.inputs["objectNamePrefix"]: n.inputs for n in graph.of("Notification")}
    assert notifications.keys() == {names.SEGMENTS, names.FRAMES, names.UPLOADS}
    for prefix, inputs in notifications.items():
        assert inputs["topic"] == f"projects/acme-video/topics/dev-{prefix.strip('/')}"
        assert inputs["eventTypes"] == ["OBJECT_FINALIZE"]
        assert inputs["payloadFormat"] == "JSON_API_V1"


def test_media_expires_by_what_it_is_and_reference_marks_stay(graph: Graph) -> None:
    rules = graph.named(BUCKET, "media").inputs["lifecycleRules"]
    conditions = [(r["condition"]["matchesPrefixes"], r["condition"]["age"]) for r in rules]
    assert conditions == [([names.SEGMENTS, names.PLAYLISTS], 7), ([names.FRAMES], 30), ([names.STAGING], 1)]
    assert all(not names.BRANDS.startswith(prefix) for prefixes, _ in conditions for prefix in prefixes)


def test_strangers_read_single_objects_of_media_and_site_and_list_nothing(graph: Graph) -> None:
    public = {g.inputs["bucket"]: g.inputs["role"] for g in graph.of("BucketIAMMember") if g.name.endswith("-public")}
    assert public == {
        "acme-video-dev-media": "roles/storage.legacyObjectReader",
        "acme-video-dev-site": "roles/storage.legacyObjectReader",
    }


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
    assert entry_points == {"sample", "detect", "transcribe", "api", "imports", "housekeep", "bury"}
    assert all(f"def {name}(" in main for name in entry_points)


def test_sample_may_not_replace_or_delete_objects_and_detect_may_only_read(graph: Graph) -> None:
    roles = {
        who: {
            g.inputs["role"]
            for g in [*graph.of("BucketIAMMember"), *graph.of("gcp:projects/iAMMember:IAMMember")]
            if g.inputs["member"].startswith(f"serviceAccount:dev-{who}@")
        }
        for who in ("ingest", "sample", "detect", "transcribe", "api", "imports", "importer", "bury")
    }
    firestore = "roles/datastore.user"
    assert roles == {
        "ingest": {firestore, "roles/storage.objectUser"},
        "sample": {firestore, "roles/storage.objectViewer", "roles/storage.objectCreator"},
        "detect": {firestore, "roles/storage.objectViewer", "roles/serviceusage.serviceUsageConsumer"},
        "transcribe": {firestore, "roles/storage.objectViewer", "roles/speech.client"},
        "api": {firestore, "roles/storage.objectUser", "roles/serviceusage.serviceUsageConsumer"},
        "imports": {firestore, "roles/storage.objectUser"},
        "importer": {firestore, "roles/storage.objectUser", "roles/storage.objectViewer"},
        "bury": {firestore},
    }


def test_a_segment_is_sampled_and_listened_to_each_on_its_own(graph: Graph) -> None:
    read = {s.name: s.inputs["topic"] for s in graph.of("Subscription") if s.inputs.get("pushConfig")}
    assert read["sample"] == read["transcribe"]
    enabled = {api.inputs["service"] for api in graph.of("gcp:projects/service:Service")}
    assert "speech.googleapis.com" in enabled


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


def test_the_api_may_send_events_again_and_nobody_but_it_and_google_s_services_publishes(graph: Graph) -> None:
    publishers: dict[str, set[str]] = {}
    for grant in graph.of("TopicIAMMember"):
        publishers.setdefault(grant.inputs["topic"].rpartition("/")[2], set()).add(grant.inputs["member"])
    api = "serviceAccount:dev-api@acme-video.iam.gserviceaccount.com"
    for name in ("segments", "frames", "uploads"):
        assert api in publishers[f"dev-{name}"]
        ours = {member for member in publishers[f"dev-{name}"] if member.startswith("serviceAccount:dev-")}
        assert ours == {api}
        assert api not in publishers[f"dev-{name}-dead"]


def test_letters_that_nobody_wants_any_more_are_deleted(graph: Graph) -> None:
    field = graph.named("gcp:firestore/field:Field", "dead_letters-expires").inputs
    assert field["ttlConfig"] == {}


def test_imports_and_housekeep_may_run_the_importer_with_arguments_and_see_what_became_of_it(graph: Graph) -> None:
    job = graph.named("gcp:cloudrunv2/job:Job", "importer")
    grants = {(g.inputs["name"], g.inputs["role"], g.inputs["member"]) for g in graph.of("JobIamMember")}
    callers = ("imports", "housekeep")
    accounts = [f"serviceAccount:dev-{name}@acme-video.iam.gserviceaccount.com" for name in callers]
    roles = ("roles/run.jobsExecutorWithOverrides", "roles/run.viewer")
    assert grants == {(job.outputs["name"], role, account) for role in roles for account in accounts}
    for name in callers:
        function = graph.named("Function", name).inputs["serviceConfig"]
        assert function["environmentVariables"]["IMPORT_JOB"] == job.id


def test_the_importer_has_a_command_so_that_arguments_are_all_that_is_overridden(graph: Graph) -> None:
    task = graph.named("gcp:cloudrunv2/job:Job", "importer").inputs["template"]["template"]
    assert task["containers"][0]["commands"] == ["python", "-m", "importer"]
    assert (task["timeout"], task["maxRetries"]) == ("86400s", 2)


def test_the_api_alone_signs_urls_and_only_as_itself(graph: Graph) -> None:
    signers = [g for g in graph.of("gcp:serviceaccount/iAMMember:IAMMember") if g.name.endswith("-signs")]
    email = "dev-api@acme-video.iam.gserviceaccount.com"
    assert [(g.inputs["serviceAccountId"].rsplit("/", 1)[-1], g.inputs["member"]) for g in signers] == [
        (email, f"serviceAccount:{email}")
    ]


def test_the_admin_key_reaches_the_api_as_a_secret_and_nobody_else(graph: Graph) -> None:
    secret = graph.named("Function", "api").inputs["serviceConfig"]["secretEnvironmentVariables"]
    assert [(entry["key"], entry["secret"], entry["version"]) for entry in secret] == [
        ("ADMIN_KEY", "dev-admin-key", "1")
    ]
    assert [g.inputs["member"] for g in graph.of("SecretIamMember")] == [
        "serviceAccount:dev-api@acme-video.iam.gserviceaccount.com"
    ]
    assert graph.secret_exports == ("adminKey",)


def test_a_given_admin_key_is_used_and_none_is_made(site: Path) -> None:
    graph = declare(site, adminKey="opensesame")
    assert graph.exports["adminKey"] == "opensesame"
    assert graph.of("RandomPassword") == []
    assert graph.named("SecretVersion", "admin-key").secrets == ("secretData",)


def test_announcing_segments_is_off_until_hosts_are_named(site: Path, graph: Graph) -> None:
    assert "EVENTS_HOSTS" not in graph.named("Function", "api").inputs["serviceConfig"]["environmentVariables"]
    announcing = declare(site, eventsHosts="cdn.example", eventsSecret="sesame")
    config = announcing.named("Function", "api").inputs["serviceConfig"]
    assert config["environmentVariables"]["EVENTS_HOSTS"] == "cdn.example"
    assert {entry["key"] for entry in config["secretEnvironmentVariables"]} == {"ADMIN_KEY", "EVENTS_SECRET"}
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
    images = {f"{name}Image": f"ghcr.io/acme/{name}@sha256:1234" for name in ("ingest", "importer")}
    graph = declare(site, **images)
    container = graph.named(SERVICE, "ingest").inputs["template"]["containers"][0]
    assert container["image"] == "ghcr.io/acme/ingest@sha256:1234"
    assert graph.of("Image") == graph.of("Repository") == []


def test_one_container_takes_as_many_requests_as_it_takes_streams(site: Path) -> None:
    template = declare(site, streamsPerInstance="7").named(SERVICE, "ingest").inputs["template"]
    envs = {env["name"]: env.get("value") for env in template["containers"][0]["envs"]}
    assert template["maxInstanceRequestConcurrency"] == int(envs["MAX_STREAMS"]) == 7
    assert template["timeout"] == "3600s"


def test_the_page_is_told_where_everything_is(graph: Graph) -> None:
    config = json.loads(graph.named("BucketObject", "config.json").inputs["content"])
    assert config == {
        "projectId": "acme-video",
        "database": "(default)",
        "apiKey": graph.named("ApiKey", "browser").outputs["keyString"],
        "mediaUrl": "https://storage.googleapis.com/acme-video-dev-media/",
        "apiUrl": graph.exports["apiUrl"],
        "ingestUrl": graph.exports["ingestUrl"],
        "rtmpUrl": None,  # nobody asked for an RTMP server
        "firestoreEmulator": None,
    }


def test_hashed_files_are_kept_for_ever_and_others_are_asked_for_again(graph: Graph) -> None:
    objects = {o.name: o.inputs for o in graph.of("BucketObject") if o.inputs["bucket"] == "acme-video-dev-site"}
    assert {name: (o["contentType"], "immutable" in o["cacheControl"]) for name, o in objects.items()} == {
        "index.html": ("text/html; charset=utf-8", False),
        "favicon.svg": ("image/svg+xml", False),
        "config.json": ("application/json", False),
        "assets/index-1a2b.js": ("text/javascript; charset=utf-8", True),
        "assets/index-1a2b.css": ("text/css; charset=utf-8", True),
    }


def test_the_browser_s_key_is_good_for_firestore_only_and_for_the_given_pages(graph: Graph, site: Path) -> None:
    everywhere = graph.named("ApiKey", "browser").inputs["restrictions"]
    assert everywhere == {"apiTargets": [{"service": "firestore.googleapis.com"}]}
    narrowed = declare(site, webOrigins="https://a.example")
    restrictions = narrowed.named("ApiKey", "browser").inputs["restrictions"]
    assert restrictions["browserKeyRestrictions"] == {"allowedReferrers": ["https://a.example/*"]}
    assert narrowed.named(BUCKET, "media").inputs["cors"][0]["origins"] == ["https://a.example"]
    environment = narrowed.named("Function", "api").inputs["serviceConfig"]["environmentVariables"]
    assert environment["ALLOWED_ORIGINS"] == "https://a.example"


def test_rules_are_released_for_the_database(graph: Graph, site: Path) -> None:
    assert graph.named("Release", "firestore").inputs["name"] == "cloud.firestore"
    other = declare(site, database="second")
    assert other.named("Release", "firestore").inputs["name"] == "cloud.firestore/second"
    environment = other.named("Function", "sample").inputs["serviceConfig"]["environmentVariables"]
    assert environment["FIRESTORE_DATABASE"] == "second"


def test_destroying_takes_the_data_along_unless_told_otherwise(graph: Graph, site: Path) -> None:
    kept = declare(site, keepData="true")
    assert graph.named("Database", "database").inputs["deletionPolicy"] == "DELETE"
    assert kept.named("Database", "database").inputs["deletionPolicy"] == "ABANDON"
    assert graph.named(BUCKET, "media").inputs["forceDestroy"] is True
    assert kept.named(BUCKET, "media").inputs["forceDestroy"] is False


def test_nothing_is_made_before_the_apis_are_enabled(graph: Graph) -> None:
    provider = graph.named("gcp", "gcp")
    assert set(provider.depends) == {api.urn for api in graph.of("gcp:projects/service:Service")}
    assert all(api.inputs["disableOnDestroy"] is False for api in graph.of("gcp:projects/service:Service"))


def test_pipeline_settings_reach_the_workload_that_reads_them(site: Path) -> None:
    graph = declare(site, segmentSeconds="4", sampleMaxInterval="10", detectKinds="logo", logLevel="DEBUG")
    functions = {f.name: f.inputs["serviceConfig"]["environmentVariables"] for f in graph.of("Function")}
    assert functions["sample"]["SAMPLE_MAX_INTERVAL"] == "10.0"
    assert functions["detect"]["DETECT_KINDS"] == "logo"
    assert functions["api"]["LOG_LEVEL"] == "DEBUG"
    assert functions["api"]["SAMPLE_MAX_INTERVAL"] == "10.0", "it says what holds where nothing is set"
    envs = graph.named(SERVICE, "ingest").inputs["template"]["containers"][0]["envs"]
    assert {"name": "SEGMENT_SECONDS", "value": "4.0"} in envs


def test_every_setting_together_keeps_schema_and_rules(site: Path) -> None:
    every = {
        "region": "us-central1",
        "database": "db",
        "keepData": "true",
        "segmentDays": "1",
        "frameDays": "2",
        "uploadDays": "3",
        "webOrigins": "https://a.example",
        "adminKey": "opensesame",
        "ingestImage": "img",
        "ingestMaxInstances": "2",
        "streamsPerInstance": "9",
        "functionMaxInstances": "3",
        "deliveryAttempts": "9",
        "retryMinSeconds": "1",
        "retryMaxSeconds": "5",
        "storageEndpoint": "http://127.0.0.1:4443",
        "firestoreEmulator": "127.0.0.1:8080",
        "logLevel": "DEBUG",
        "segmentSeconds": "1.5",
        "playlistWindow": "20",
        "looksPerSecond": "2",
        "sampleMinInterval": "1",
        "sampleMaxInterval": "9",
        "sampleChange": "0.1",
        "sampleFollowInterval": "2",
        "sampleCallsPerHour": "360",
        "detectKinds": "logo,text",
        "detectThreshold": "0.7",
        "speech": "true",
        "speechLanguages": "de-DE,en-US",
        "speechLocation": "eu",
        "speechModel": "long",
    }
    graph = declare(site, **every)
    assert schema.check(graph) == []
    assert lints.check(graph, ROOT) == []


@pytest.mark.parametrize("stack", ["Dev", "1dev", "dev_2", "a-stack-with-a-long-name"])
def test_a_stack_s_name_that_resources_cannot_carry_is_refused(site: Path, stack: str) -> None:
    with pytest.raises(ProgramFailed, match="use 1 to 17 of a-z, 0-9 and '-'"):
        declare(site, stack=stack)


def test_names_fit_their_limits_with_the_longest_stack(site: Path) -> None:
    graph = declare(site, stack="abcdefghij1234567")
    assert max(len(account.inputs["accountId"]) for account in graph.of("Account")) <= 30
    assert max(len(bucket.inputs["name"]) for bucket in graph.of(BUCKET)) <= 63


def test_a_site_that_is_not_built_is_told_with_the_command_that_builds_it(tmp_path: Path) -> None:
    with pytest.raises(ProgramFailed, match="npm --prefix web ci && npm --prefix web run build"):
        declare(tmp_path)


def test_indexes_are_declared_as_the_firebase_cli_writes_them(tmp_path: Path) -> None:
    fields = [{"fieldPath": "state", "order": "ASCENDING"}, {"fieldPath": "created", "order": "DESCENDING"}]
    index = {"collectionGroup": "streams", "queryScope": "COLLECTION", "fields": fields}
    (tmp_path / "indexes.json").write_text(json.dumps({"indexes": [index], "fieldOverrides": []}))

    def program() -> None:
        Database(
            "database",
            Cloud("acme-video", "europe-west1"),
            database="(default)",
            rules=ROOT / "infra" / "firestore.rules",
            indexes=tmp_path / "indexes.json",
            keep=False,
        )

    graph = evaluate(ROOT, project="acme-video", stack="dev", program=program)
    assert graph.named("Index", "streams-state-created").inputs == {
        "collection": "streams",
        "database": "(default)",
        "fields": fields,
        "queryScope": "COLLECTION",
    }
    assert schema.check(graph) == []
