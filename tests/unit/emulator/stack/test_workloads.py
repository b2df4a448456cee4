"""Which files a workload is made of, and one that is laid out again."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.emulator.stack.recorder import Recorder, context_of, recording, resource

from emulator.declaration.graph import Archive, FileAsset, Graph, Resource
from emulator.declaration.realise import fingerprint, relaid, sources
from emulator.errors import StackError, StartFailed, Unrealisable
from emulator.paths import ROOT
from emulator.stack import control, watch

IMAGE = "docker-build:index:Image"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two folders of functions, and an image that copies one of its two files."""
    for name in ("one/main.py", "other/main.py", "ingest/app.py", "ingest/notes.md", "infra/__main__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "ingest" / "Dockerfile").write_text('FROM python\nCOPY ingest/app.py app.py\nCMD ["serve"]\n')
    return tmp_path


@pytest.fixture
def declared(repository: Path) -> list[Resource]:
    """A function of each folder; a service, a job and a machine of the image."""

    def archive(name: str) -> Resource:
        source = Archive({"main.py": FileAsset(repository / name / "main.py")})
        kind = "gcp:storage/bucketObject:BucketObject"
        return resource(kind, name, {"bucket": "sources", "source": source}, name=f"{name}.zip")

    def function(name: str) -> Resource:
        build = {"entryPoint": name, "source": {"storageSource": {"bucket": "sources", "object": f"{name}.zip"}}}
        return resource("gcp:cloudfunctionsv2/function:Function", name, {"buildConfig": build}, name=name)

    location = {"context": {"location": ".."}, "dockerfile": {"location": "../ingest/Dockerfile"}}
    containers = {"containers": [{"image": "ingest@1"}]}
    return [
        *(archive("one"), archive("other"), function("one"), function("other")),
        resource(IMAGE, "ingest", location, ref="ingest@1"),
        resource("gcp:cloudrunv2/service:Service", "serves", {"template": containers}),
        resource("gcp:cloudrunv2/job:Job", "works", {"template": {"template": containers}}),
        resource("gcp:compute/instance:Instance", "relays", {"metadata": {"image": "ingest@1"}}),
    ]


def test_a_file_belongs_to_the_workloads_whose_archive_or_image_holds_it(
    repository: Path, declared: list[Resource]
) -> None:
    found = sources(Graph({one.urn: one for one in declared}, {}), repository / "infra")

    def holders(name: str) -> set[str]:
        return {workload for workload, files in found.items() if repository / name in {f.resolve() for f in files}}

    assert found.keys() == {"one", "other", "serves", "works", "relays"}
    assert holders("one/main.py") == {"one"}
    assert holders("ingest/app.py") == holders("ingest/Dockerfile") == {"serves", "works", "relays"}
    assert holders("ingest/notes.md") == holders("infra/__main__.py") == set()


def test_a_function_whose_archive_is_not_declared_is_an_error_that_names_it(
    repository: Path, declared: list[Resource]
) -> None:
    graph = Graph({one.urn: one for one in declared if one.outputs["name"] != "other.zip"}, {})
    with pytest.raises(Unrealisable, match=r"Function other: no declared object is sources/other\.zip"):
        sources(graph, repository / "infra")


def test_a_fingerprint_changes_with_names_and_contents_alone(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.write_text("x")
    other.write_text("x")
    before = fingerprint([one, other])
    one.write_text("x")
    assert fingerprint([other, one]) == before
    assert fingerprint([one]) != before
    other.write_text("y")
    assert fingerprint([one, other]) != before


def test_one_function_is_laid_out_again_from_an_archive_that_is_uploaded_before(
    repository: Path, declared: list[Resource], tmp_path: Path
) -> None:
    with recording() as emulator:
        packed = b"PK\x05\x06" + bytes(18)
        emulator.answers["/storage/v1/b/sources/o/one.zip?alt=media"] = (200, packed)
        specs = relaid(context_of(emulator.address, tmp_path / "run", *declared), "one", repository / "infra")
        assert [spec.name for spec in specs] == ["one"]
        assert uploaded(emulator) == 1
        assert [call.method for call in emulator.calls] == ["POST", "GET"]


def test_a_job_has_no_process_and_is_registered_again(
    repository: Path, declared: list[Resource], tmp_path: Path
) -> None:
    context = context_of("127.0.0.1:1", tmp_path / "run", *declared)
    assert relaid(context, "works", repository / "infra") == []
    assert len(list(context.jobs.iterdir())) == 1
    assert (context.tree("works") / "app.py").read_text() == "ingest/app.py"
    assert not context.tree("serves").exists()


def uploaded(emulator: Recorder) -> int:
    return sum(b'"name": "one.zip"' in call.body for call in emulator.calls)


@pytest.mark.parametrize(
    "outcome, said",
    [
        (["front"], ["runner/front/app.py: restarted front"]),
        ([], []),
        (StackError("infra/: no"), ["runner/front/app.py: infra/: no"]),
        (StartFailed("front ended", ("line 1",)), ["runner/front/app.py: front ended\n  line 1"]),
    ],
)
def test_the_loop_says_what_a_change_has_restarted_and_why_it_has_not(
    monkeypatch: pytest.MonkeyPatch, outcome: list[str] | StackError, said: list[str]
) -> None:
    def restart(name: str) -> list[str]:
        if isinstance(outcome, StackError):
            raise outcome
        return outcome

    monkeypatch.setattr(control, "restart", restart)
    told: list[str] = []
    watch.apply("dev", [ROOT / "runner" / "front" / "app.py"], told.append)
    assert told == said


def test_the_loop_says_that_a_declaration_is_brought_up_with_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "restart", lambda name: [])
    told: list[str] = []
    watch.apply("dev", [ROOT / "infra" / "__main__.py"], told.append)
    assert told == ["infra/__main__.py: start the stack again to bring up what infra/ declares now"]
