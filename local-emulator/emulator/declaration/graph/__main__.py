"""`python -m emulator.declaration.graph`: a request as JSON on standard input, the graph as JSON on standard output.

Where the graph is wrong: exit status 2, and {"error", "message"} as the last line of standard error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from . import variables
from .errors import GraphError
from .outputs import World
from .program import capture


def main() -> int:
    """The exit status."""
    request = json.load(sys.stdin)
    root = Path(request["root"])
    world = World(project=request["project"], stack=request["stack"], local=True)
    try:
        graph = capture(root, world, request["config"])
        variables.check(graph, root)
    except GraphError as error:
        sys.stderr.write(json.dumps({"error": type(error).__name__, "message": str(error)}) + "\n")
        return 2
    sys.stdout.write(graph.to_json())
    return 0


if __name__ == "__main__":
    sys.exit(main())
