"""Python runs this at the start of a workload whose PYTHONPATH names this folder.

Queries and writes are noted, and calls that the workload's account has no right to are refused.
"""

import importlib.util
import os
from pathlib import Path
from types import ModuleType


def _load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"firestore_{name}", Path(__file__).parents[1] / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


folder, console = os.environ.get("FIRESTORE_JOURNAL"), os.environ.get("FIRESTORE_WRITES")
rights = os.environ.get("FIRESTORE_RIGHTS")
if folder or console or rights:
    record = _load("record")
    if rights:
        record.once_imported(_load("permits").refusing(rights))
    if folder:
        record.install(Path(folder))
    if console:
        record.tell(console)
