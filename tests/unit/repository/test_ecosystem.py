"""The files that GitHub, editors and bots read: well-formed, and in step with what the project really uses."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from emulator.declaration.packages.locks import pins, sources

ROOT = Path(__file__).parents[3]
GITHUB = ROOT / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
DEVCONTAINER: dict[str, Any] = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
RENOVATE: dict[str, Any] = json.loads((GITHUB / "renovate.json").read_text())


def tracked() -> list[str]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if (ROOT / line).is_file() and not (ROOT / line).is_symlink()]


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))


@pytest.mark.parametrize("form", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_has_what_github_asks_of_one(form: Path) -> None:
    read = yaml.safe_load(form.read_text())
    assert set(read) <= {"name", "description", "title", "labels", "assignees", "body"}
    assert read["name"] and read["description"]
    fields = [field for field in read["body"] if field["type"] != "markdown"]
    assert {field["type"] for field in fields} <= {"textarea", "input", "dropdown", "checkboxes"}
    ids = [field["id"] for field in fields]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z]+", one) for one in ids)
    for field in fields:
        assert field["attributes"]["label"]
        assert ("options" in field["attributes"]) == (field["type"] in {"dropdown", "checkboxes"})


def test_the_bug_form_asks_for_what_a_fix_needs() -> None:
    body = yaml.safe_load((GITHUB / "ISSUE_TEMPLATE" / "bug.yml").read_text())["body"]
    required = {field["id"] for field in body if field.get("validations", {}).get("required")}
    assert required == {"happened", "reproduce", "where", "version"}
    assert "SECURITY.md" in body[0]["attributes"]["value"], "vulnerabilities are reported privately"


@pytest.mark.parametrize("name", ["PULL_REQUEST_TEMPLATE.md", "CODE_OF_CONDUCT.md", "ISSUE_TEMPLATE/bug.yml"])
def test_commands_and_files_that_github_shows_exist(name: str) -> None:
    text = (GITHUB / name).read_text()
    assert set(re.findall(r"`make (\w+)", text)) <= make_targets()
    for file in re.findall(r"\b[A-Z]+\.md\b", text):
        assert (ROOT / file).is_file(), file


def test_code_owners_name_paths_that_exist() -> None:
    lines = [line.split() for line in (GITHUB / "CODEOWNERS").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0][0] == "*", "every file has an owner"
    for pattern, *owners in lines:
        assert owners
        assert all(re.fullmatch(r"@[\w-]+(/[\w-]+)?", owner) for owner in owners)
        assert pattern == "*" or (ROOT / pattern.strip("/")).exists(), pattern


def test_every_file_keeps_to_the_editors_settings() -> None:
    """`.editorconfig`: line feeds, one at the end, none of the spaces before them; tabs in the Makefile alone."""
    assert "insert_final_newline = true\ntrim_trailing_whitespace = true" in (ROOT / ".editorconfig").read_text()
    kinds = {".py", ".ts", ".md", ".json", ".toml", ".yml", ".yaml", ".sh", ".html", ".rules", ".in", ".dot", ""}
    wrong: list[str] = []
    for name in tracked():
        if Path(name).suffix in kinds and not name.startswith("tests/fixtures/"):
            text = (ROOT / name).read_bytes().decode()
            spaces = re.search(r"[ \t]+$", text, re.M)
            tabs = Path(name).name != "Makefile" and re.search(r"^\t", text, re.M)
            if text and (spaces or tabs or "\r" in text or not text.endswith("\n")):
                wrong.append(name)
    assert wrong == []


def test_hooks_run_the_tools_of_the_lint() -> None:
    assert {hook["id"] for hook in HOOKS} == {"ruff", "ruff-format", "web", "pyright"}
    assert {hook["language"] for hook in HOOKS} == {"system"}, "the versions that are installed, not others"
    makefile = (ROOT / "Makefile").read_text()
    for hook in HOOKS:
        tool = hook["entry"].split(" --")[0] if hook["id"] != "web" else "npm --prefix web run"
        assert tool in makefile, f"{hook['id']}: {tool} is not what the Makefile runs"


@pytest.mark.parametrize("hook", [hook for hook in HOOKS if "files" in hook], ids=lambda hook: hook["id"])
def test_a_hook_is_asked_about_files_that_exist(hook: dict[str, Any]) -> None:
    assert any(re.search(hook["files"], name) for name in tracked())


def test_the_devcontainer_is_the_container_of_ci() -> None:
    jobs = yaml.safe_load((GITHUB / "workflows" / "check.yml").read_text())["jobs"]
    containers = {job["container"] for job in jobs.values() if "container" in job}
    assert containers == {DEVCONTAINER["image"]}
    assert DEVCONTAINER["remoteUser"] == "root", "set-up installs what is missing as root on Debian alone"


def test_the_devcontainer_installs_what_ci_installs_and_sets_up_the_rest() -> None:
    steps = yaml.safe_load((GITHUB / "workflows" / "check.yml").read_text())["jobs"]["test"]["steps"]
    [apt] = [step["run"] for step in steps if "apt-get" in step.get("run", "")]
    assert DEVCONTAINER["onCreateCommand"].startswith(apt)
    script, purpose = DEVCONTAINER["postCreateCommand"].split()
    assert (ROOT / script).stat().st_mode & 0o100
    assert f"setup.sh {purpose} " in (ROOT / script).read_text()


def test_the_devcontainer_forwards_the_ports_of_the_stack() -> None:
    from emulator.processes.ports import COUNT, FIRST

    assert set(DEVCONTAINER["portsAttributes"]) == {f"{FIRST}-{FIRST + COUNT - 1}"}
    assert DEVCONTAINER["portsAttributes"][f"{FIRST}-{FIRST + COUNT - 1}"]["requireLocalPort"], "pages name the port"


def ours() -> dict[str, set[str]]:
    """Each package with the versions that it is pinned to, of Python and of the page."""
    found: dict[str, set[str]] = {}
    package = json.loads((ROOT / "web" / "package.json").read_text())
    for source in sources(ROOT):
        for pin in pins(source):
            name, version = pin.split("==")
            found.setdefault(name.partition("[")[0], set()).add(version)
    for name, version in {**package["dependencies"], **package["devDependencies"]}.items():
        found.setdefault(name, set()).add(version)
    return found


def test_renovate_holds_back_what_we_hold_back_and_says_why() -> None:
    holds = [rule for rule in RENOVATE["packageRules"] if "allowedVersions" in rule]
    named = {name for rule in holds for name in rule["matchPackageNames"]}
    assert named == {"opencv-python-headless", "protobuf", "grpcio-health-checking", "lit-html", "python", "node"}
    assert all(rule["description"] for rule in RENOVATE["packageRules"])
    pinned = ours()
    for rule in holds:
        for name in rule["matchPackageNames"]:
            for version in pinned.get(name, ()):
                assert version in SpecifierSet(rule["allowedVersions"]), f"{name} {version}"


def test_renovate_names_packages_that_are_pinned_here() -> None:
    named = {name for rule in RENOVATE["packageRules"] for name in rule.get("matchPackageNames", ())}
    assert named - ours().keys() == {"python", "node"}, "these are images"


def test_renovate_changes_pins_and_leaves_locks_to_make_lock() -> None:
    [pattern] = RENOVATE["pip_requirements"]["managerFilePatterns"]
    files = [path.relative_to(ROOT).as_posix() for path in sources(ROOT)]
    assert all(re.search(pattern.strip("/"), file) for file in files)
    assert not re.search(pattern.strip("/"), "functions/requirements.txt")
    assert "**/requirements.txt" in RENOVATE["ignorePaths"]
    [commands] = [
        rule["postUpgradeTasks"]["commands"] for rule in RENOVATE["packageRules"] if "postUpgradeTasks" in rule
    ]
    assert commands == ["make lock"]
    assert "lock" in make_targets()
