"""Python runs this at the start of a workload whose PYTHONPATH names this folder: queries and writes are noted."""

import importlib.util
import os
from pathlib import Path

folder, console = os.environ.get("FIRESTORE_JOURNAL"), os.environ.get("FIRESTORE_WRITES")
if folder or console:
    spec = importlib.util.spec_from_file_location("firestore_record", Path(__file__).parents[1] / "record.py")
    assert spec is not None
    assert spec.loader is not None
    record = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(record)
    if folder:
        record.install(Path(folder))
    if console:
        record.tell(console)
