"""Runs the emulator of Cloud Run's Admin API until SIGTERM or SIGINT; what it runs then ends too."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from ..stop_signal import stop_signal

_GRACE = 1.0  # seconds


def main() -> int:
    """Exit status: 0 after a signal, 1 if it could not start."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    options = _options()
    from ...rpc import run
    from .executions import Executions
    from .service import Admin

    stopped = stop_signal()
    executions = Executions(options.logs, options.parallel)
    methods = Admin(options.jobs, executions).methods()
    status = run(methods, options.host, options.port, until=stopped, grace=_GRACE)
    executions.stop()
    return status


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m emulator.emulators.run_admin", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--jobs", type=Path, required=True, help="folder of the registered jobs")
    parser.add_argument("--logs", type=Path, required=True, help="folder for the jobs' logs")
    parser.add_argument("--parallel", type=int, default=4, help="executions at a time (default: %(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
