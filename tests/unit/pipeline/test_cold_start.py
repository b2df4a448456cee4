"""What an instance loads at start: what it needs, and nothing that only another function needs."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

FUNCTIONS = Path(__file__).parents[3] / "functions"
ENVIRONMENT = {
    "GOOGLE_CLOUD_PROJECT": "p",
    "MEDIA_BUCKET": "m",
    "UPLOADS_BUCKET": "u",
    "IMPORT_JOB": "projects/p/locations/l/jobs/j",
    "CUTTER_JOB": "projects/p/locations/l/jobs/c",
}
PROGRAM = "import json, sys, main; print(json.dumps(sorted(sys.modules)))"


def start(target: str, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    variables = {"PATH": os.environ["PATH"], "FUNCTION_TARGET": target, **environment}
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, cwd=FUNCTIONS, env=variables, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("target", "loaded", "others"),
    [
        ("sample", {"av", "cv2", "pipeline.sampling.handler"}, {"google.cloud.vision_v1"}),
        (
            "detect",
            {"google.cloud.vision_v1", "pipeline.detection.vision"},
            {"av", "cv2", "numpy", "onnxruntime", "rapidocr"},
        ),
        (
            "track",
            {"av", "cv2", "pipeline.tracking.follow", "google.cloud.firestore", "google.cloud.storage"},
            {"google.cloud.vision_v1", "pipeline.sampling"},
        ),
        (
            "transcribe",
            {"pipeline.speech.handler"},
            {"av", "cv2", "numpy", "google.cloud.speech_v2", "google.cloud.storage", "pipeline.sampling"},
        ),
        ("housekeep", {"pipeline.maintenance.handler"}, {"av", "cv2", "google.cloud.vision_v1"}),
        ("bury", {"pipeline.maintenance.dead_letters"}, {"av", "cv2", "numpy", "google.cloud.pubsub_v1"}),
    ],
)
def test_an_instance_loads_what_its_function_needs_and_no_more(target: str, loaded: set[str], others: set[str]) -> None:
    finished = start(target, ENVIRONMENT)
    assert finished.returncode == 0, finished.stderr
    modules = set(json.loads(finished.stdout))
    assert loaded <= modules
    assert not others & modules


def test_where_all_streams_are_transcribed_the_start_loads_what_hears() -> None:
    finished = start("transcribe", {**ENVIRONMENT, "SPEECH": "true"})
    assert {"google.cloud.speech_v2", "google.cloud.storage"} <= set(json.loads(finished.stdout))


@pytest.mark.parametrize(
    ("target", "variable"),
    [("sample", "MEDIA_BUCKET"), ("detect", "GOOGLE_CLOUD_PROJECT")],
)
def test_a_missing_variable_fails_the_start_and_is_named(target: str, variable: str) -> None:
    finished = start(target, {name: value for name, value in ENVIRONMENT.items() if name != variable})
    assert finished.returncode != 0
    assert f"{variable} is not set" in finished.stderr


@pytest.mark.parametrize(
    ("target", "variable", "value"),
    [
        ("detect", "DETECT_PROVIDER", "vison"),
        ("detect", "DETECT_KINDS", "logos"),
        ("sample", "LOOKS_PER_SECOND", "many"),
        ("transcribe", "SPEECH_LANGUAGES", "english!"),
        ("transcribe", "SPEECH_OVERLAP", "11"),
    ],
)
def test_a_wrong_variable_fails_the_start(target: str, variable: str, value: str) -> None:
    finished = start(target, {**ENVIRONMENT, variable: value})
    assert finished.returncode != 0
    assert value in finished.stderr


def test_every_package_that_the_functions_import_is_in_their_requirements() -> None:
    lines = (FUNCTIONS / "requirements.txt").read_text().splitlines()
    required = {line.split("==")[0].strip().lower() for line in lines if "==" in line}
    distributions = packages_distributions()
    missing: dict[str, str] = {}
    for path in sorted(FUNCTIONS.rglob("*.py")):
        for module in _imported(path):
            owners = {name.lower() for name in _owners(module, distributions)}
            if module.split(".")[0] not in {*sys.stdlib_module_names, "pipeline"} and not owners & required:
                missing[module] = str(path.relative_to(FUNCTIONS))
    assert missing == {}


def _imported(path: Path) -> set[str]:
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {node.module} if node.module != "google.cloud" else {f"google.cloud.{a.name}" for a in node.names}
    return found


def _owners(module: str, distributions: Mapping[str, list[str]]) -> set[str]:
    """The distributions that a module may come from. Google's share the packages `google` and `google.cloud`."""
    parts = module.split(".")
    if parts[:2] == ["google", "cloud"]:
        return {f"google-cloud-{parts[2].split('_')[0]}"}
    if parts[:2] == ["google", "oauth2"]:
        return {"google-auth"}
    if parts[0] == "google":
        return {f"google-{parts[1].replace('_', '-')}"}
    return set(distributions.get(parts[0], ()))
