"""VISION=cloud and SPEECH=cloud: whose credentials, who pays, what workloads get, and what is said where they fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud.speech_v2.types import RecognizeResponse
from google.cloud.vision_v1.types import BatchAnnotateImagesResponse
from tests.googleapis import REVOKED, Google, google
from tests.servers import free_port

from emulator.declaration.cloud import Cloud, signed_in
from emulator.errors import NoCredentials, StackError
from emulator.paths import stack_paths
from emulator.processes.ports import Ports
from emulator.processes.proxies import around_here
from emulator.stack.emulators import addresses, emulators

LOGIN = "type `gcloud auth application-default login`"


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Google]:
    folder = tmp_path_factory.mktemp("google")
    with google(folder, lambda _: BatchAnnotateImagesResponse(), lambda _: RecognizeResponse()) as running:
        yield running


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, double: Google) -> pytest.MonkeyPatch:
    """A shell in which nothing is set, of a person who has never signed in."""
    for name in (
        *("VISION", "SPEECH", "GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_QUOTA_PROJECT", "CLOUDSDK_CONFIG"),
        *("https_proxy", "HTTPS_PROXY", "grpc_proxy", "http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"),
        *("GRPC_DEFAULT_SSL_ROOTS_FILE_PATH", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"),
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name, value in double.variables.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_without_a_word_the_emulators_answer_and_no_credentials_are_looked_for() -> None:
    assert signed_in() == Cloud()


@pytest.mark.parametrize("value", ["emulator", ""])
def test_the_emulator_can_be_named(shell: pytest.MonkeyPatch, value: str) -> None:
    shell.setenv("VISION", value)
    assert signed_in() == Cloud()


def test_what_is_neither_is_refused(shell: pytest.MonkeyPatch) -> None:
    shell.setenv("SPEECH", "google")
    with pytest.raises(StackError, match="invalid SPEECH='google': expected 'cloud'"):
        signed_in()


def test_a_person_who_never_signed_in_is_told_what_to_type(shell: pytest.MonkeyPatch) -> None:
    shell.setenv("VISION", "cloud")
    with pytest.raises(NoCredentials) as told:
        signed_in()
    assert str(told.value) == f"VISION=cloud calls Google's own service, but there are no Google credentials: {LOGIN}"


def test_a_file_that_is_not_there_is_named(shell: pytest.MonkeyPatch) -> None:
    shell.setenv("VISION", "cloud")
    shell.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json")
    with pytest.raises(NoCredentials, match=r"names /nowhere/key\.json, which is not there"):
        signed_in()


def test_credentials_that_were_revoked_are_refused_before_anything_starts(
    shell: pytest.MonkeyPatch, double: Google
) -> None:
    shell.setenv("VISION", "cloud")
    shell.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(double.person("revoked.json", refresh_token=REVOKED)))
    with pytest.raises(NoCredentials) as told:
        signed_in()
    assert "Token has been expired or revoked" in str(told.value)
    assert str(told.value).endswith(LOGIN)


def test_a_file_that_holds_no_credentials_is_refused(shell: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key.json").write_text("{}")
    shell.setenv("SPEECH", "cloud")
    shell.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "key.json"))
    with pytest.raises(NoCredentials, match="SPEECH=cloud: Google does not accept"):
        signed_in()


def test_a_person_without_a_project_is_told_how_to_name_one(shell: pytest.MonkeyPatch, double: Google) -> None:
    shell.setenv("VISION", "cloud")
    shell.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(double.person("poor.json", quota_project_id=None)))
    with pytest.raises(NoCredentials, match="set-quota-project MY-PROJECT"):
        signed_in()
    shell.setenv("GOOGLE_CLOUD_QUOTA_PROJECT", "another")
    assert signed_in().project == "another"


def test_google_that_cannot_be_reached_is_no_fault_of_the_credentials(
    shell: pytest.MonkeyPatch, double: Google
) -> None:
    file = double.person("away.json")
    shell.setenv("https_proxy", f"http://127.0.0.1:{free_port()}")
    shell.setenv("VISION", "cloud")
    shell.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    with pytest.raises(StackError, match="could not be reached to check") as told:
        signed_in()
    assert not isinstance(told.value, NoCredentials)


def test_gclouds_own_file_is_found_and_its_project_pays(shell: pytest.MonkeyPatch, double: Google) -> None:
    file = double.person("application_default_credentials.json")
    shell.setenv("CLOUDSDK_CONFIG", str(double.folder))
    shell.setenv("VISION", "cloud")
    shell.setenv("SPEECH", "cloud")
    found = signed_in()
    assert (found.services, found.project) == (("vision", "speech"), "my-project")
    assert found.variables == {
        "GOOGLE_APPLICATION_CREDENTIALS": str(file),
        "GOOGLE_CLOUD_QUOTA_PROJECT": "my-project",
        "SPEECH_PROJECT": "my-project",
        **double.variables,
        "no_proxy": "localhost,127.0.0.1,127.0.0.0/8",
    }


def test_a_service_accounts_own_project_pays_without_being_named(shell: pytest.MonkeyPatch, double: Google) -> None:
    shell.setenv("SPEECH", "cloud")
    shell.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(double.service_account("key.json")))
    found = signed_in()
    assert found.project == "its-project"
    assert "GOOGLE_CLOUD_QUOTA_PROJECT" not in found.variables


def test_a_proxy_is_handed_on_but_never_for_what_runs_here(shell: pytest.MonkeyPatch, double: Google) -> None:
    shell.setenv("VISION", "cloud")
    shell.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(double.person("proxied.json")))
    shell.delenv("https_proxy")
    shell.setenv("HTTPS_PROXY", double.proxy)
    shell.setenv("NO_PROXY", "intranet.test")
    given = signed_in().variables
    assert given["HTTPS_PROXY"] == double.proxy
    assert given["no_proxy"] == "intranet.test,localhost,127.0.0.1,127.0.0.0/8"
    assert given["GRPC_DEFAULT_SSL_ROOTS_FILE_PATH"] == str(double.root)


def test_the_emulator_that_gives_way_is_neither_started_nor_named() -> None:
    cloud = Cloud(("vision",), "my-project", {"GOOGLE_APPLICATION_CREDENTIALS": "/adc.json"})
    ports = Ports("unit-cloud", lambda _: None)
    told = addresses(ports, cloud).env()
    assert "VISION_EMULATOR_HOST" not in told
    assert told["SPEECH_EMULATOR_HOST"].startswith("127.0.0.1:")
    assert told["GOOGLE_APPLICATION_CREDENTIALS"] == "/adc.json"
    started = {spec.name for spec in emulators(stack_paths("unit-cloud"), ports, "p", lambda _: None, cloud)}
    assert started == {"firestore", "firestore-door", "pubsub", "gcs", "run_admin", "speech"}


def test_a_stack_can_do_without_google_and_without_an_emulator_of_vision(shell: pytest.MonkeyPatch) -> None:
    shell.setenv("VISION", "local")
    cloud, ports = signed_in(), Ports("unit-cloud", lambda _: None)
    assert cloud.services == ()
    assert "VISION_EMULATOR_HOST" not in addresses(ports, cloud).env()
    started = {spec.name for spec in emulators(stack_paths("unit-cloud"), ports, "p", lambda _: None, cloud)}
    assert "vision" not in started and "speech" in started


def test_who_is_billed_and_up_to_what_is_said() -> None:
    vision, speech = Cloud(("vision", "speech"), "my-project").says()
    assert vision == (
        "Cloud Vision itself answers, billed to my-project: "
        "at most 300 frames of a stream an hour; 1,000 a month are free for each kind"
    )
    assert speech == "Speech-to-Text itself answers, billed to my-project: for streams that want transcripts"


def test_a_shell_with_a_proxy_reaches_the_stack_without_it(shell: pytest.MonkeyPatch) -> None:
    assert around_here() == {"no_proxy": "localhost,127.0.0.1,127.0.0.0/8"}
    shell.setenv("no_proxy", "intranet.test,localhost,127.0.0.1,127.0.0.0/8")
    assert around_here() == {"no_proxy": "intranet.test,localhost,127.0.0.1,127.0.0.0/8"}, "it is put there once"
    shell.delenv("https_proxy")
    assert around_here() == {}, "where there is no proxy nothing is said"
