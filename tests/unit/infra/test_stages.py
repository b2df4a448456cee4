"""The stages in the repository: each setting is one that there is, and the program can be evaluated with them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import yaml

import settings
from emulator.declaration.graph import Graph, evaluate

ROOT = Path(__file__).parents[3]
OURS = "media-analyzer:"


def config(stage: str) -> dict[str, str]:
    """What the file says, with what it leaves to be said (behind a #)."""
    text = (ROOT / f"Pulumi.{stage}.yaml").read_text()
    return yaml.safe_load(re.sub(rf"^  # (?={OURS})", "  ", text, flags=re.M))["config"]


@pytest.fixture(scope="module", params=["dev", "live"])
def stage(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def graph(stage: str, tmp_path_factory: pytest.TempPathFactory) -> Graph:
    site = tmp_path_factory.mktemp("site")
    (site / "index.html").write_text("page")
    own = {key: value for key, value in config(stage).items() if key.startswith(OURS)}
    return evaluate(ROOT, project=f"acme-{stage}", stack=stage, config={**own, "siteDir": str(site)})


def test_every_setting_of_a_stage_is_one_that_there_is(stage: str) -> None:
    known = {f"{OURS}{one.name}" for one in settings.declared()} | {"gcp:project"}
    assert set(config(stage)) <= known
    assert all(isinstance(value, str) for value in config(stage).values()), (
        "Pulumi would quote them at the first change"
    )


def test_the_program_can_be_evaluated_with_a_stage(graph: Graph) -> None:
    assert graph.exports["webUrl"]


def test_each_stage_is_a_project_of_its_own() -> None:
    assert {config(stage)["gcp:project"] for stage in ("dev", "live")} == {"MY-PROJECT-dev", "MY-PROJECT-live"}


def test_dev_keeps_nothing_warm_and_live_is_warm_and_protected() -> None:
    dev, live = ({key.removeprefix(OURS): value for key, value in config(stage).items()} for stage in ("dev", "live"))
    assert (dev["minInstances"], dev["keepData"]) == ("0", "false")
    assert (live["minInstances"], live["keepData"]) == ("1", "true")
    assert {"alertEmail", "budget", "billingAccount"} <= live.keys()
    assert int(live["backupDays"]) > int(dev["backupDays"])


def test_a_stages_file_is_not_hidden_from_git() -> None:
    for name in ("Pulumi.dev.yaml", "Pulumi.live.yaml", "Pulumi.another.yaml"):
        ignored = subprocess.run(["git", "check-ignore", "-q", name], cwd=ROOT, check=False)
        assert ignored.returncode == 1, f"{name} is ignored: no stack's settings would be versioned"
    token = subprocess.run(["git", "check-ignore", "-q", "gha-creds-0123.json"], cwd=ROOT, check=False)
    assert token.returncode == 0, "what the workflow signs in with must not be committed, nor packed into an image"
