"""What the program declares beside accounts and workloads: data, the page, and what holds for all of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.infra.declared import BUCKET, ROOT, declare, environment

from components import Cloud, Database
from emulator.declaration.graph import Graph, evaluate, lints, schema
from emulator.declaration.graph.errors import ProgramFailed
from pipeline.domain import names


def test_media_expires_by_what_it_is_and_reference_marks_stay(graph: Graph) -> None:
    rules = graph.named(BUCKET, "media").inputs["lifecycleRules"]
    conditions = [(r["condition"]["matchesPrefixes"], r["condition"]["age"]) for r in rules]
    assert conditions == [
        ([names.SEGMENTS, f"{names.BATCH}{names.SEGMENTS}", names.PLAYLISTS], 7),
        ([*(names.FRAMES, names.RESULTS), *(f"{names.BATCH}{one}" for one in (names.FRAMES, names.RESULTS))], 30),
        ([names.STAGING], 1),
        ([names.SOUND], 2),
    ]
    assert all(not names.BRANDS.startswith(prefix) for prefixes, _ in conditions for prefix in prefixes)


def test_documents_of_media_expire_by_the_days_of_their_objects(graph: Graph, site: Path) -> None:
    fields = {one.name for one in graph.of("gcp:firestore/field:Field") if one.inputs.get("ttlConfig") == {}}
    media = {"sessions", "segments", "frames", "minutes", "transcripts", "imports", "clips", "alerts", "deliveries"}
    others = {"audit", "control-audit", "dead_letters", "transcriptions", "upload_grants", "control-upload_sessions"}
    assert fields == {f"{collection}-expires" for collection in media | others}
    declared = declare(site, segmentDays="3", frameDays="4", uploadDays="5")
    functions = {f.name: f.inputs["serviceConfig"]["environmentVariables"] for f in declared.of("Function")}
    given = [functions[name] for name in ("sample", "detect", "transcribe", "imports", "housekeep", "rules")]
    given += [environment(declared, name) for name in ("ingest", "front")]
    for one in given:
        assert [one[f"{name}_DAYS"] for name in ("SEGMENT", "FRAME", "UPLOAD")] == ["3", "4", "5"]


def test_letters_that_nobody_wants_any_more_are_deleted(graph: Graph) -> None:
    field = graph.named("gcp:firestore/field:Field", "dead_letters-expires").inputs
    assert field["ttlConfig"] == {}


def test_the_page_is_told_where_everything_is(graph: Graph) -> None:
    config = json.loads(graph.named("BucketObject", "config.json").inputs["content"])
    assert config == {
        "projectId": "acme-video",
        "database": "(default)",
        "apiKey": graph.named("ApiKey", "browser").outputs["keyString"],
        "apiUrl": "/api",  # the page's own origin, whatever its host is called
        "ingestUrl": graph.exports["ingestUrl"],
        "rtmpUrl": None,  # an RTMP server is not asked for
        "firestoreEmulator": None,
        "authDomain": "acme-video.firebaseapp.com",
        "authEmulator": None,
        "signIn": ["password", "link"],
        "tenant": "main",
        "appCheck": None,
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


def test_page_and_configuration_come_after_all_that_they_name(graph: Graph) -> None:
    site = {o.name: o for o in graph.of("BucketObject") if o.inputs["bucket"] == "acme-video-dev-site"}
    parts = {o.urn for name, o in site.items() if name not in ("index.html", "config.json")}
    assert len(parts) == 3
    assert parts <= set(site["index.html"].depends)
    assert parts <= set(site["config.json"].depends)


def test_what_a_release_of_the_page_replaced_is_kept_for_a_week(graph: Graph) -> None:
    bucket = graph.named(BUCKET, "site").inputs
    assert bucket["versioning"] == {"enabled": True}
    [rule] = bucket["lifecycleRules"]
    assert (rule["action"], rule["condition"]) == ({"type": "Delete"}, {"daysSinceNoncurrentTime": 7})


def test_page_api_and_media_are_on_one_origin(graph: Graph) -> None:
    front = graph.named("gcp:cloudrunv2/service:Service", "front").outputs["uri"]
    assert (graph.exports["webUrl"], graph.exports["apiUrl"]) == (f"{front}/", f"{front}/api")


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
    assert graph.named("Database", "database").inputs["deleteProtectionState"] == "DELETE_PROTECTION_DISABLED"
    assert kept.named("Database", "database").inputs["deleteProtectionState"] == "DELETE_PROTECTION_ENABLED"
    assert graph.named(BUCKET, "media").inputs["forceDestroy"] is True
    for bucket in ("media", "uploads"):
        assert kept.named(BUCKET, bucket).inputs["deletionPolicy"] == "ABANDON"
    assert graph.named("Database", "database").inputs["deleteProtectionState"] == "DELETE_PROTECTION_DISABLED"
    assert kept.named("Database", "database").inputs["deleteProtectionState"] == "DELETE_PROTECTION_ENABLED"
    assert list(lints.check(kept, ROOT)) == []


def test_nothing_is_made_until_the_apis_have_been_enabled_for_a_while(graph: Graph) -> None:
    provider = graph.named("gcp", "gcp")
    wait = graph.named("Sleep", "apis")
    assert provider.depends == (wait.urn,)
    assert wait.inputs["createDuration"] == "60s"
    assert set(wait.depends) == {api.urn for api in graph.of("gcp:projects/service:Service")}
    assert all(api.inputs["disableOnDestroy"] is False for api in graph.of("gcp:projects/service:Service"))


def test_every_request_is_billed_to_the_project_so_that_even_its_policy_needs_its_api(graph: Graph) -> None:
    enabled = {api.inputs["service"] for api in graph.of("gcp:projects/service:Service")}
    assert graph.named("gcp", "gcp").inputs["userProjectOverride"] == "true"
    assert {"cloudresourcemanager.googleapis.com", "serviceusage.googleapis.com"} <= enabled


def test_a_wait_begins_again_with_another_grant(graph: Graph) -> None:
    wait = graph.named("Sleep", "detect")
    grants = {graph.resources[urn].name for urn in wait.depends if "IAMMember" in urn or "IamMember" in urn}
    assert grants and grants <= wait.inputs["triggers"].keys()


@pytest.mark.parametrize("region", ["europe-north1", "us-east4"])
def test_a_region_where_functions_cannot_be_built_is_refused_with_the_way_on(site: Path, region: str) -> None:
    with pytest.raises(
        ProgramFailed, match=f"invalid region='{region}': .* Expected one of asia-east1, .* set anyRegion to true"
    ):
        declare(site, region=region)
    assert declare(site, region=region, anyRegion="true").named(BUCKET, "media").inputs["location"] == region


def test_a_region_without_gpus_is_refused_where_one_is_wanted(site: Path) -> None:
    declare(site, region="us-west2")
    with pytest.raises(
        ProgramFailed, match=r"no L4 GPUs, which clipService needs\. Expected one of europe-west1, us-central1;"
    ):
        declare(site, region="us-west2", clipService="true")


def test_every_setting_together_keeps_schema_and_rules(site: Path) -> None:
    every = {
        "region": "us-central1",
        "database": "db",
        "keepData": "true",
        "segmentDays": "1",
        "frameDays": "2",
        "uploadDays": "3",
        "webOrigins": "https://a.example",
        "adminKey": "open-sesame-open-sesame-1",
        "ingestImage": "img",
        "frontImage": "img",
        "grantSeconds": "600",
        "ingestMaxInstances": "2",
        "streamsPerInstance": "9",
        "anyRegion": "true",
        "cpuQuota": "100",
        "memoryQuota": "200",
        "functionMaxInstances": "12",
        "batchMaxInstances": "9",
        "visionPerMinute": "3600",
        "liveReserve": "0.5",
        "deliveryAttempts": "9",
        "alertEmail": "ops@acme.example",
        "budget": "50",
        "billingAccount": "000000-AAAAAA-000000",
        "backupDays": "3",
        "retryMinSeconds": "1",
        "retryMaxSeconds": "5",
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
        "visionLocation": "eu",
        "speech": "true",
        "speechLanguages": "de-DE,en-US",
        "speechLocation": "eu",
        "speechModel": "long",
    }
    graph = declare(site, **every)
    assert schema.check(graph) == []
    assert lints.check(graph, ROOT) == []


@pytest.mark.parametrize("name", ["d", "Dev", "1dev", "dev_2", "a-stack-with-a-long-name"])
def test_a_stack_s_name_that_resources_cannot_carry_is_refused(site: Path, name: str) -> None:
    with pytest.raises(ProgramFailed, match="expected 2 to 17 of a-z, 0-9 and '-'"):
        declare(site, stack=name)


@pytest.mark.parametrize("name", ["ab", "abcdefghij1234567"])
def test_names_fit_their_limits_with_the_shortest_and_the_longest_stack(site: Path, name: str) -> None:
    graph = declare(site, stack=name, clipService="true", rtmpServer="true")
    assert {account.name for account in graph.of("Account") if not 6 <= len(account.inputs["accountId"]) <= 30} == set()
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
            tenant="main",
            indexes=tmp_path / "indexes.json",
            keep=False,
            backup_days=0,
        )

    graph = evaluate(ROOT, project="acme-video", stack="dev", program=program)
    assert graph.named("Index", "streams-state-created").inputs == {
        "collection": "streams",
        "database": "(default)",
        "fields": fields,
        "queryScope": "COLLECTION",
    }
    assert schema.check(graph) == []
