"""Declared resources as the emulators are told of them."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.emulator.stack.recorder import Recorder, context_of, recording, resource

from emulator.declaration.graph import Archive, FileAsset, Graph, Resource, StringAsset
from emulator.declaration.graph.kinds import REALISED, RECORDED
from emulator.declaration.realise import BY_TYPE, check, functions, rules, services, storage, topics
from emulator.errors import CallFailed, Unrealisable

BUCKET, OBJECT = "gcp:storage/bucket:Bucket", "gcp:storage/bucketObject:BucketObject"
TOPIC, SUBSCRIPTION = "gcp:pubsub/topic:Topic", "gcp:pubsub/subscription:Subscription"
FUNCTION, SERVICE = "gcp:cloudfunctionsv2/function:Function", "gcp:cloudrunv2/service:Service"


@pytest.fixture
def emulator() -> Iterator[Recorder]:
    with recording() as recorder:
        yield recorder


def test_every_type_is_realised_or_listed() -> None:
    assert BY_TYPE.keys() == REALISED.keys()
    assert not BY_TYPE.keys() & RECORDED.keys()


def test_a_type_on_no_list_is_an_error_that_names_the_resource() -> None:
    unknown = resource("gcp:bigquery/table:Table", "numbers", {})
    with pytest.raises(Unrealisable, match="Table numbers: gcp:bigquery/table:Table has no realiser"):
        check(Graph({unknown.urn: unknown}, {}))


def test_a_bucket_has_its_settings_under_the_names_of_the_json_api(emulator: Recorder, tmp_path: Path) -> None:
    inputs = {
        "location": "europe-west1",
        "cors": [{"origins": ["*"], "methods": ["GET"], "responseHeaders": ["Range"], "maxAgeSeconds": 60}],
        "lifecycleRules": [{"action": {"type": "Delete"}, "condition": {"age": 7, "matchesPrefixes": ["segments/"]}}],
        "uniformBucketLevelAccess": True,
    }
    found = storage.buckets(context_of(emulator.address, tmp_path, resource(BUCKET, "media", inputs, name="p-media")))
    (call,) = emulator.calls
    assert (call.method, call.path) == ("POST", "/storage/v1/b?project=demo-p")
    assert call.json == {
        "name": "p-media",
        "location": "europe-west1",
        "cors": [{"origin": ["*"], "method": ["GET"], "responseHeader": ["Range"], "maxAgeSeconds": 60}],
        "lifecycle": {
            "rule": [{"action": {"type": "Delete"}, "condition": {"age": 7, "matchesPrefix": ["segments/"]}}]
        },
        "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": True}},
    }
    assert (found[0].name, found[0].kind, found[0].detail) == ("media", "bucket", "p-media")


def test_members_of_a_bucket_become_one_policy_with_their_conditions(emulator: Recorder, tmp_path: Path) -> None:
    kind = "gcp:storage/bucketIAMMember:BucketIAMMember"
    under = {
        "condition": {"title": "under a/", "expression": 'resource.name.startsWith("projects/_/buckets/b/objects/a/")'}
    }
    members = [
        resource(kind, "1", {"bucket": "b", "role": "reader", "member": "x"}),
        resource(kind, "2", {"bucket": "b", "role": "writer", "member": "x", **under}),
    ]
    storage.policies(context_of(emulator.address, tmp_path, *members))
    (call,) = emulator.calls
    assert (call.method, call.path) == ("PUT", "/storage/v1/b/b/iam")
    assert call.json == {
        "version": 3,
        "bindings": [{"role": "reader", "members": ["x"]}, {"role": "writer", "members": ["x"], **under}],
    }


def test_a_notification_names_its_topic_and_prefix(emulator: Recorder, tmp_path: Path) -> None:
    inputs = {
        "bucket": "b",
        "topic": "projects/demo-p/topics/t",
        "payloadFormat": "JSON_API_V1",
        "eventTypes": ["OBJECT_FINALIZE"],
        "objectNamePrefix": "segments/",
    }
    declared = resource("gcp:storage/notification:Notification", "segments", inputs)
    storage.notifications(context_of(emulator.address, tmp_path, declared))
    assert emulator.calls[0].path == "/storage/v1/b/b/notificationConfigs"
    assert emulator.calls[0].json == {
        "topic": "//pubsub.googleapis.com/projects/demo-p/topics/t",
        "payload_format": "JSON_API_V1",
        "event_types": ["OBJECT_FINALIZE"],
        "object_name_prefix": "segments/",
    }


POLICY, EVENTS = "gcp:storage/bucketIAMMember:BucketIAMMember", "gcp:storage/notification:Notification"


def test_every_setting_of_a_bucket_goes_over(emulator: Recorder, tmp_path: Path) -> None:
    inputs = {
        "publicAccessPrevention": "enforced",
        "uniformBucketLevelAccess": True,
        "softDeletePolicy": {"retentionDurationSeconds": 0},
        "labels": {"app": "media"},
        "versioning": {"enabled": True},
        "defaultEventBasedHold": True,
        "customPlacementConfig": {"dataLocations": ["A", "B"]},
        "enableObjectRetention": True,
        "requesterPays": False,
        "forceDestroy": True,
        "website": None,
    }
    storage.buckets(context_of(emulator.address, tmp_path, resource(BUCKET, "media", inputs)))
    (call,) = emulator.calls
    assert call.path == "/storage/v1/b?project=demo-p&enableObjectRetention=true"
    assert call.authorization == "Bearer owners"
    taken = ("softDeletePolicy", "labels", "versioning", "defaultEventBasedHold", "customPlacementConfig")
    assert call.json == {
        "name": "media",
        "location": "US",
        **{name: inputs[name] for name in taken},
        "billing": {"requesterPays": False},
        "iamConfiguration": {
            "publicAccessPrevention": "enforced",
            "uniformBucketLevelAccess": {"enabled": True},
        },
    }


@pytest.mark.parametrize(
    ("realiser", "type", "inputs"),
    [
        (storage.buckets, BUCKET, {"objectLock": True}),
        (storage.objects, OBJECT, {"bucket": "b", "content": "x", "contentTyp": "a"}),
        (storage.notifications, EVENTS, {"bucket": "b", "topic": "t", "payloadFormat": "NONE", "filter": "x"}),
        (storage.policies, POLICY, {"bucket": "b", "role": "r", "member": "m", "etag": "x"}),
        (topics.topics, TOPIC, {"kmsKeyName": "k"}),
        (topics.subscriptions, SUBSCRIPTION, {"topic": "t", "bigqueryConfig": {"table": "t"}}),
    ],
)
def test_an_input_that_would_be_missing_is_an_error_that_names_it(
    emulator: Recorder, tmp_path: Path, realiser: Any, type: str, inputs: dict[str, Any]
) -> None:
    with pytest.raises(Unrealisable, match=rf"one: its {list(inputs)[-1]} is not brought up here"):
        realiser(context_of(emulator.address, tmp_path, resource(type, "one", inputs)))


def test_each_workload_has_the_metadata_server_of_its_own_account(tmp_path: Path) -> None:
    from emulator.declaration.realise.accounts import identity

    declared = [
        resource(FUNCTION, "f", {"serviceConfig": {"serviceAccountEmail": "f@p"}}),
        resource(SERVICE, "s", {"template": {"serviceAccount": "s@p"}}),
        resource("gcp:cloudrunv2/job:Job", "j", {"template": {"template": {"serviceAccount": "j@p"}}}),
        resource("gcp:compute/instance:Instance", "m", {"serviceAccount": {"email": "m@p"}}),
        resource(FUNCTION, "none", {}),
    ]
    context = context_of("127.0.0.1:1", tmp_path, *declared)
    named = [identity(context, workload)["GCE_METADATA_HOST"] for workload in declared]
    accounts = ["f%40p", "s%40p", "j%40p", "m%40p", "0-compute%40developer.gserviceaccount.com"]
    assert named == [f"127.0.0.1:1/_metadata/{account}" for account in accounts]


def test_an_archive_is_uploaded_as_a_zip_of_its_files(emulator: Recorder, tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text("print()")
    archive = Archive({"main.py": FileAsset(tmp_path / "main.py"), "lib/a.txt": StringAsset("text")})
    declared = resource(OBJECT, "functions", {"bucket": "sources", "source": archive}, name="functions-1.zip")
    storage.objects(context_of(emulator.address, tmp_path, declared))
    (call,) = emulator.calls
    assert call.path == "/upload/storage/v1/b/sources/o?uploadType=multipart"
    _, described, content, _ = call.body.split(b"--media-analyzer-part")
    assert b'{"name": "functions-1.zip", "contentType": "application/zip"}' in described
    with zipfile.ZipFile(io.BytesIO(content.partition(b"\r\n\r\n")[2])) as packed:
        assert {name: packed.read(name) for name in packed.namelist()} == {
            "main.py": b"print()",
            "lib/a.txt": b"text",
        }


def test_an_object_without_contents_is_an_error(emulator: Recorder, tmp_path: Path) -> None:
    with pytest.raises(Unrealisable, match="BucketObject empty: it has neither a source nor content"):
        storage.objects(context_of(emulator.address, tmp_path, resource(OBJECT, "empty", {"bucket": "b"})))


def test_a_subscription_goes_over_as_declared(emulator: Recorder, tmp_path: Path) -> None:
    inputs = {
        "name": "dev-sample",
        "topic": "dev-segments",
        "ackDeadlineSeconds": 60,
        "pushConfig": {"pushEndpoint": "http://127.0.0.1:1/x", "oidcToken": {"serviceAccountEmail": "a@b"}},
        "retryPolicy": {"minimumBackoff": "1s", "maximumBackoff": "10s"},
        "deadLetterPolicy": {"deadLetterTopic": "projects/demo-p/topics/dead", "maxDeliveryAttempts": 5},
        "expirationPolicy": {"ttl": ""},
    }
    declared = resource(SUBSCRIPTION, "sample", inputs, id="projects/demo-p/subscriptions/dev-sample")
    context = context_of(emulator.address, tmp_path, declared)
    topics.subscriptions(context)
    (call,) = emulator.calls
    assert (call.method, call.path) == ("PUT", "/v1/projects/demo-p/subscriptions/dev-sample")
    kept = ("ackDeadlineSeconds", "pushConfig", "retryPolicy", "deadLetterPolicy")
    assert call.json == {"topic": "projects/demo-p/topics/dev-segments", **{key: inputs[key] for key in kept}}


def test_a_filter_is_refused_because_the_emulator_would_ignore_it(emulator: Recorder, tmp_path: Path) -> None:
    declared = resource(SUBSCRIPTION, "sample", {"topic": "t", "filter": "attributes.a"})
    with pytest.raises(Unrealisable, match="Subscription sample: the Pub/Sub emulator ignores filters"):
        topics.subscriptions(context_of(emulator.address, tmp_path, declared))


def test_what_an_emulator_refuses_is_told_in_its_own_words(emulator: Recorder, tmp_path: Path) -> None:
    emulator.answers["/v1/projects/demo-p/topics/t"] = (400, b'{"error": {"message": "Invalid topic name"}}')
    declared = resource(TOPIC, "t", {}, id="projects/demo-p/topics/t")
    with pytest.raises(CallFailed, match="400 Invalid topic name") as raised:
        topics.topics(context_of(emulator.address, tmp_path, declared))
    assert raised.value.status == 400


def test_rules_are_compiled_by_the_emulator(emulator: Recorder, tmp_path: Path) -> None:
    declared = resource(
        "gcp:firebaserules/ruleset:Ruleset", "rules", {"source": {"files": [{"name": "a", "content": "b"}]}}
    )
    rules.rules(context_of(emulator.address, tmp_path, declared))
    assert emulator.calls[0].path == "/emulator/v1/projects/demo-p:securityRules"
    assert emulator.calls[0].json == {"rules": {"files": [{"name": "a", "content": "b"}]}}


def test_each_database_has_the_rules_that_are_released_for_it(emulator: Recorder, tmp_path: Path) -> None:
    declared = [
        *(
            resource("gcp:firebaserules/ruleset:Ruleset", name, {"source": {"files": [{"name": name, "content": "b"}]}})
            for name in ("main", "other")
        ),
        resource(rules.RELEASE, "r1", {"name": "cloud.firestore", "rulesetName": "main"}),
        resource(rules.RELEASE, "r2", {"name": "cloud.firestore/control", "rulesetName": "other"}),
    ]
    rules.rules(context_of(emulator.address, tmp_path, *declared))
    loaded = {call.path: call.json["rules"]["files"][0]["name"] for call in emulator.calls}
    assert loaded == {
        "/emulator/v1/projects/demo-p:securityRules": "main",
        "/emulator/v1/projects/demo-p/databases/control:securityRules": "other",
    }


def function(**config: object) -> Resource:
    source = {"storageSource": {"bucket": "sources", "object": "f/1.zip"}}
    inputs = {"buildConfig": {"entryPoint": "sample", "source": source}, "serviceConfig": config}
    return resource(FUNCTION, "sample", inputs, name="dev-sample")


def zipped(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as out:
        for name, text in files.items():
            out.writestr(name, text)
    return data.getvalue()


def test_a_function_runs_from_its_archive_with_its_environment(
    emulator: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FIRESTORE_JOURNAL", raising=False)  # a run of the tests notes what is asked, by a hook
    emulator.answers["/storage/v1/b/sources/o/f%2F1.zip?alt=media"] = (200, zipped({"main.py": "1", "lib/a.py": "2"}))
    secret = resource("gcp:secretmanager/secretVersion:SecretVersion", "v", {"secret": "p/s/admin", "secretData": "x"})
    declared = function(
        environmentVariables={"A": "1"}, secretEnvironmentVariables=[{"key": "ADMIN_KEY", "secret": "admin"}]
    )
    (spec,) = functions.functions(context_of(emulator.address, tmp_path, declared, secret))
    assert (tmp_path / "sample/lib/a.py").read_text() == "2"
    assert spec.cwd == tmp_path / "sample"
    assert spec.command[:5] == ("functions-framework", "--target", "sample", "--host", "127.0.0.1")
    wanted = {"A": "1", "ADMIN_KEY": "x", "FUNCTION_TARGET": "sample", "K_SERVICE": "dev-sample"}
    assert wanted.items() <= spec.env.items()
    assert spec.env["PYTHONPATH"].split(os.pathsep)[0] == str(tmp_path / "sample")


def test_a_function_gives_way_if_it_starts_on_demand_or_says_so(emulator: Recorder, tmp_path: Path) -> None:
    emulator.answers["/storage/v1/b/sources/o/f%2F1.zip?alt=media"] = (200, zipped({"main.py": "1"}))

    def gives_way(declared: Resource) -> bool:
        (spec,) = functions.functions(context_of(emulator.address, tmp_path, declared))
        return spec.gives_way

    warm, last = function(minInstanceCount=1), function(minInstanceCount=1)
    last.inputs["labels"] = {"gives-way": "true"}
    assert (gives_way(function()), gives_way(warm), gives_way(last)) == (True, False, True)


def test_a_secret_without_a_version_is_an_error_that_names_function_and_variable(
    emulator: Recorder, tmp_path: Path
) -> None:
    emulator.answers["/storage/v1/b/sources/o/f%2F1.zip?alt=media"] = (200, zipped({"main.py": "1"}))
    declared = function(secretEnvironmentVariables=[{"key": "ADMIN_KEY", "secret": "admin"}])
    with pytest.raises(Unrealisable, match="Function sample: ADMIN_KEY wants the secret admin"):
        functions.functions(context_of(emulator.address, tmp_path, declared))


def test_a_service_runs_its_images_command_in_a_tree_of_what_is_copied(tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    (repository / "runner").mkdir(parents=True)
    (repository / "infra").mkdir()
    (repository / "runner/app.py").write_text("app")
    (repository / "secret.txt").write_text("not in the image")
    dockerfile = 'FROM x\nWORKDIR /app\nCOPY runner svc\nENV B=2\nCMD ["gunicorn", "svc.app"]\n'
    (repository / "Dockerfile").write_text(dockerfile)
    location = {"context": {"location": ".."}, "dockerfile": {"location": "../Dockerfile"}}
    image = resource("docker-build:index:Image", "ingest", location, ref="registry/ingest@sha256:1")
    container = {
        "image": "registry/ingest@sha256:1",
        "envs": [{"name": "A", "value": "1"}],
        "startupProbe": {"httpGet": {"path": "/health"}},
    }
    service = resource(SERVICE, "ingest", {"template": {"containers": [container]}}, name="dev-ingest")
    context = context_of("127.0.0.1:1", tmp_path / "run", image, service)
    (spec,) = services.services(context, repository / "infra")
    assert spec.command == ("gunicorn", "svc.app")
    assert spec.cwd == tmp_path / "run/ingest/app"
    assert [path.name for path in spec.cwd.rglob("*") if path.is_file()] == ["app.py"]
    assert {"A": "1", "B": "2", "HOST": "127.0.0.1", "K_SERVICE": "dev-ingest"}.items() <= spec.env.items()


def test_a_service_whose_image_nobody_builds_is_an_error(tmp_path: Path) -> None:
    service = resource(SERVICE, "ingest", {"template": {"containers": [{"image": "gcr.io/x"}]}})
    with pytest.raises(Unrealisable, match=r"Service ingest: no declared docker-build Image has the ref gcr\.io/x"):
        services.services(context_of("127.0.0.1:1", tmp_path, service), tmp_path)
