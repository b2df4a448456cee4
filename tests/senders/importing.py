"""python -m tests.senders.importing FILE SEGMENT: imports a file in a process of its own, as the importer does.

Writes its first segment, and prints its length, number of pictures, size and codec, and the most memory that it took.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from importer import run  # with all that the importer loads
from importer.__main__ import ALLOCATION_BYTES
from pipeline.media.containers import limit_allocation
from tests.senders.oracle import uploaded


def peak() -> int:
    """The most bytes that this process has had in memory."""
    [line] = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) << 10


if __name__ == "__main__":
    assert run.Import
    limit_allocation(ALLOCATION_BYTES)
    found = uploaded(Path(sys.argv[1]).read_bytes())
    Path(sys.argv[2]).write_bytes(found.segments[0].data)
    session = found.records.session()
    said = {name: session[name] for name in ("width", "height", "codecs")}
    print(json.dumps({**said, "ends": found.ends, "pictures": len(found.pictures), "peak": peak()}))
