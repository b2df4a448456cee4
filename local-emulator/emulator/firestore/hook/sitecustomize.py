"""Python runs this at the start of a workload whose PYTHONPATH names this folder: it notes the queries (see record)."""

import importlib.util
import os
from pathlib import Path

if folder := os.environ.get("FIRESTORE_JOURNAL"):
    spec = importlib.util.spec_from_file_location("firestore_record", Path(__file__).parents[1] / "record.py")
    assert spec is not None
    assert spec.loader is not None
    record = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(record)
    record.install(Path(folder))
