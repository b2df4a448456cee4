"""`python -m emulator.emulators.gcs`: serves until SIGTERM or SIGINT, then delivers the notifications that wait."""

from __future__ import annotations

import argparse
import logging
import os
import signal
from pathlib import Path

import uvicorn

from .api import Api
from .pubsub import Nowhere, PubSub
from .server import App


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m emulator.emulators.gcs", description="Cloud Storage, on this machine."
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=int, default=9023, help="port to listen on (default: %(default)s)")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--memory", action="store_true", help="keep objects in memory (the default)")
    where.add_argument("--data", type=Path, metavar="DIR", help="keep objects on disk, in DIR")
    parser.add_argument("--pubsub", metavar="HOST:PORT", help="the Pub/Sub emulator that gets notifications")
    parser.add_argument("--project", default="local", help="project of buckets that name none (default: %(default)s)")
    parser.add_argument(
        "--owner",
        metavar="EMAIL",
        help="the project's owner: from every other account, and from anonymous callers, only that is taken which the"
        " buckets' policies grant (default: every request with an Authorization header is the owner's)",
    )
    parser.add_argument("--key-file", type=Path, help="service-account key to sign with; made if it is missing")
    parser.add_argument("--trust", type=Path, action="append", default=[], help="service-account key to accept too")
    journal = os.environ.get("GCS_JOURNAL")
    parser.add_argument(
        "--journal",
        type=Path,
        metavar="DIR",
        default=Path(journal) if journal else None,
        help="write down every change of an object, in DIR (default: $GCS_JOURNAL; none)",
    )
    parser.add_argument("--log-level", default="warning", help="debug, info (access log), warning or error")
    return parser.parse_args(arguments)


def main() -> None:
    """Serves."""
    options = parse()
    logging.basicConfig(level=options.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    publisher = PubSub(options.pubsub) if options.pubsub else Nowhere()
    try:
        api = Api(
            publisher,
            data=options.data,
            project=options.project,
            owner=options.owner,
            key_file=options.key_file,
            journal=options.journal,
        )
        for path in options.trust:
            api.keys.trust(path)
    except BlockingIOError:
        raise SystemExit(f"{options.data} is in use by another GCS emulator: stop it, or give another --data") from None
    except (OSError, ValueError) as error:
        raise SystemExit(str(error)) from error
    config = uvicorn.Config(
        App(api, f"http://{options.host}:{options.port}"),
        host=options.host,
        port=options.port,
        http="httptools",
        loop="uvloop",
        ws="none",
        lifespan="on",
        access_log=False,
        server_header=False,
        log_config=None,
        log_level=options.log_level.lower(),
        timeout_keep_alive=600,  # clients reuse idle connections; closing one under a request would fail it
        timeout_graceful_shutdown=5,
    )
    # uvicorn raises the signal again once it has shut down: that must not kill us by then.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        uvicorn.Server(config).run()
    except KeyboardInterrupt:
        logging.getLogger(__name__).info("interrupted")


if __name__ == "__main__":
    main()
