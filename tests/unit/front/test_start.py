"""What an instance of front loads at start: what a page's first request needs, and no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {
    "GOOGLE_CLOUD_PROJECT": "p",
    "MEDIA_BUCKET": "m",
    "UPLOADS_BUCKET": "u",
    "REPORTS_BUCKET": "r",
    "SITE_BUCKET": "s",
    "ADMIN_KEY": "k",
    "GRANT_SECRET": "g",
    "SIGNING_ID": "i",
    "SIGNING_SECRET": "h",
    "FRONT_URL": "http://front.test",
    "CONTROL_CALLERS": "ingest@p.test",
    "CUTTER_JOB": "projects/p/locations/l/jobs/cutter",
}
PROGRAM = "import json, sys; from front.app import create_app; create_app(); print(json.dumps(sorted(sys.modules)))"


def start(environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    roots = os.pathsep.join(str(ROOT / folder) for folder in ("functions", "runner"))
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": roots, **environment}
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60)


def test_what_looks_at_pictures_and_video_is_loaded_when_it_is_wanted() -> None:
    finished = start(ENVIRONMENT)
    assert finished.returncode == 0, finished.stderr
    modules = set(json.loads(finished.stdout))
    assert {"google.cloud.storage", "google.cloud.firestore"} <= modules
    assert not {"av", "cv2", "numpy", "google.cloud.vision_v1", "google.cloud.pubsub_v1"} & modules
    assert not {module for module in modules if module.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))}


@pytest.mark.parametrize(
    "variable", ["ADMIN_KEY", "CONTROL_CALLERS", "GRANT_SECRET", "SIGNING_ID", "SIGNING_SECRET", "SITE_BUCKET"]
)
def test_a_missing_variable_fails_the_start_and_is_named(variable: str) -> None:
    finished = start({name: value for name, value in ENVIRONMENT.items() if name != variable})
    assert finished.returncode != 0
    assert f"{variable} is not set" in finished.stderr
