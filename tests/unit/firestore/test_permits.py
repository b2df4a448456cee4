"""A workload's calls to Firestore, as far as its account has no right to the database: they never leave the process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from emulator.emulators.firestore import permits

ROOT = Path(__file__).parents[3]
HOOK = ROOT / "local-emulator" / "emulator" / "emulators" / "firestore" / "hook"
CALLS = """
import json
from google.api_core.exceptions import GoogleAPICallError, PermissionDenied, RetryError
from google.cloud import firestore
TRY = {'retry': None, 'timeout': 0.05}
def attempt(call):
    try:
        call()
    except PermissionDenied as error:
        return error.message
    except (GoogleAPICallError, RetryError):
        return 'let through'
said = {}
for name in ('(default)', 'control', 'seen'):
    db = firestore.Client(project='p', database=name)
    document = db.document('keys/cam')
    said[name] = [
        attempt(lambda: document.get(**TRY)),
        attempt(lambda: list(db.collection('keys').stream(**TRY))),
        attempt(lambda: document.set({'hash': 'x'}, **TRY)),
    ]
print(json.dumps(said))
"""


def test_a_call_without_the_right_is_refused_as_google_refuses_it(tmp_path: Path) -> None:
    rights = {"projects/p/databases/(default)": permits.WRITE, "projects/p/databases/seen": permits.READ}
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(HOOK),
        permits.VARIABLE: json.dumps(rights),
        "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1",
    }
    command = [sys.executable, "-c", CALLS]
    done = subprocess.run(command, env=environment, check=True, cwd=tmp_path, capture_output=True, text=True)
    refused = "Missing or insufficient permissions."
    assert json.loads(done.stdout) == {
        "(default)": ["let through"] * 3,
        "control": [refused] * 3,
        "seen": ["let through", "let through", refused],
    }
