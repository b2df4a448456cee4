"""The workflows of GitHub Actions: few rights, no long-lived key, pinned actions, commands that there are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))


def workflow(name: str) -> dict[str, Any]:
    """Parsed; YAML reads the key `on` as True."""
    found = yaml.safe_load((FOLDER / name).read_text())
    return {"on": found.pop(True), **found}


CHECK, DEPLOY = workflow("check.yml"), workflow("deploy.yml")
JOBS: dict[str, dict[str, Any]] = CHECK["jobs"]
STEPS: list[dict[str, Any]] = DEPLOY["jobs"]["pulumi"]["steps"]


def test_a_workflow_may_read_the_repository_and_a_job_says_what_it_needs_beside() -> None:
    assert CHECK["permissions"] == {"contents": "read"}
    assert {name: job.get("permissions") for name, job in JOBS.items()} == {
        "test": None,
        "preview": {"contents": "read", "id-token": "write", "pull-requests": "write"},
        "dev": {"contents": "read", "id-token": "write"},
        "live": {"contents": "read", "id-token": "write"},
    }
    assert "permissions" not in DEPLOY, "it has its caller's"
    assert "permissions" not in DEPLOY["jobs"]["pulumi"]


def test_code_of_a_fork_gets_no_token() -> None:
    assert set(CHECK["on"]) == {"pull_request", "push"}, "pull_request_target would run it with ours"
    assert "github.event.pull_request.head.repo.full_name == github.repository" in JOBS["preview"]["if"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_long_lived_key_is_used(file: Path) -> None:
    text = file.read_text()
    for name in ("secrets.", "credentials_json", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "_KEY }}"):
        assert name not in text, name


def test_google_gives_a_token_for_the_run_and_no_job_keeps_githubs() -> None:
    [auth] = [step["with"] for step in STEPS if step.get("uses", "").startswith("google-github-actions/auth@")]
    assert auth == {
        "workload_identity_provider": "${{ vars.WORKLOAD_IDENTITY_PROVIDER }}",
        "service_account": "${{ vars.SERVICE_ACCOUNT }}",
    }
    checkouts = [
        step
        for job in (JOBS["test"], DEPLOY["jobs"]["pulumi"])
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert [step["with"]["persist-credentials"] for step in checkouts] == [False, False]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_action_is_pinned_to_a_commit_with_its_version_beside(file: Path) -> None:
    used = re.findall(r"uses: (.+)$", file.read_text(), re.M)
    assert used
    pinned = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\./\.github/workflows/deploy\.yml")
    assert [one for one in used if not pinned.fullmatch(one)] == []


def test_one_action_has_one_commit() -> None:
    used = {one for file in FILES for one in re.findall(r"uses: (\S+@\S+)", file.read_text())}
    assert len({one.partition("@")[0] for one in used}) == len(used)


def test_a_preview_changes_nothing_and_main_goes_to_dev_and_from_there_to_live() -> None:
    with_ = {name: job["with"] for name, job in JOBS.items() if "with" in job}
    assert with_ == {
        "preview": {"stage": "live", "environment": "preview", "command": "preview"},
        "dev": {"stage": "dev", "environment": "dev", "command": "up"},
        "live": {"stage": "live", "environment": "live", "command": "up"},
    }
    assert (JOBS["dev"]["needs"], JOBS["live"]["needs"]) == ("test", "dev")
    assert JOBS["dev"]["if"].startswith("github.event_name == 'push'")
    assert CHECK["on"]["push"] == {"branches": ["main"]}
    assert DEPLOY["jobs"]["pulumi"]["environment"] == "${{ inputs.environment }}", "its approvals and variables hold"


def test_what_is_called_is_given_what_it_asks_for() -> None:
    asked = set(DEPLOY["on"]["workflow_call"]["inputs"])
    for job in JOBS.values():
        if "uses" in job:
            assert set(job["with"]) == asked
            assert (ROOT / job["uses"]).is_file()


def test_two_runs_never_change_one_stage_at_once() -> None:
    said = DEPLOY["jobs"]["pulumi"]["concurrency"]
    assert said == {"group": "pulumi-${{ inputs.stage }}", "cancel-in-progress": False}


def test_each_stage_has_its_settings() -> None:
    for stage in {job["with"]["stage"] for job in JOBS.values() if "with" in job}:
        assert (ROOT / f"Pulumi.{stage}.yaml").is_file()


def test_each_command_is_there() -> None:
    runs = "\n".join(
        step["run"]
        for job in (*JOBS.values(), *DEPLOY["jobs"].values())
        for step in job.get("steps", ())
        if "run" in step
    )
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    made = set(re.findall(r"^ *make ([a-z]+)", runs + "\n" + (ROOT / ".ci" / "run").read_text(), re.M))
    assert made == {"lint", "test", "images", "smoke"}
    assert made <= targets
    scripts = set(yaml.safe_load((ROOT / "web" / "package.json").read_text())["scripts"])
    assert set(re.findall(r"npm --prefix web run (\w+)", runs)) <= scripts
    for path in re.findall(r"(?:-r |^)(\S+/requirements\.txt|\.ci/run)", runs, re.M):
        assert (ROOT / path).is_file()


def test_the_admin_key_is_masked_before_it_is_used() -> None:
    [smoke] = [step["run"] for step in STEPS if step.get("name") == "make smoke"]
    assert smoke.index("::add-mask::$ADMIN_KEY") < smoke.index("make smoke")
    assert "KEY=$ADMIN_KEY" not in smoke, "the command line is for all to see"
