"""`make clip`: the CLIP service on a machine of your own, for a stack or a deployment elsewhere on the network.

python -m clip [--host HOST] [--port PORT] [--model MODEL] [--owl MODEL]

Callers must send the key in CLIP_KEY; without that variable a key is made and shown once. The server gets only the
hash of the key.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn, TextIO

from pipeline.domain.keys import hash_key, new_key

_KEY = re.compile(r"[A-Za-z0-9._~+/=-]{16,}")  # what a header can carry (RFC 6750)
_HERE = ("127.0.0.1", "localhost", "::1")


def main() -> int:
    """Becomes gunicorn. Returns an exit status if it cannot."""
    parser = argparse.ArgumentParser(prog="python -m clip", description="The CLIP service, behind a key.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on; 0.0.0.0 is all (%(default)s)")
    parser.add_argument("--port", type=int, default=8080, help="(%(default)s)")
    parser.add_argument("--model", default="", help="a CLIP or SigLIP of Hugging Face, by name or path")
    parser.add_argument("--owl", default="", help="an OWLv2 of Hugging Face, by name or path, which finds objects too")
    options = parser.parse_args()
    key = os.environ.pop("CLIP_KEY", "")
    if key and not _KEY.fullmatch(key):
        _say("invalid CLIP_KEY: expected 16 characters or more, of letters, digits and -._~+/=", sys.stderr)
        return 2
    if not key:
        key = new_key()
        _say(f"its key, shown only this once: {key}")
    host = options.host if options.host in _HERE else socket.gethostname()
    _say(f"on the other machine: make run CLIP_URL=http://{host}:{options.port} CLIP_KEY=…")
    models = {name: model for name, model in (("CLIP_MODEL", options.model), ("OWL_MODEL", options.owl)) if model}
    return _serve({"HOST": options.host, "PORT": str(options.port), "CLIP_KEY_HASH": hash_key(key), **models})


def _serve(variables: Mapping[str, str]) -> NoReturn:
    config = str(Path(__file__).with_name("gunicorn.conf.py"))
    command = (sys.executable, "-m", "gunicorn", "--config", config, "clip.app:create_app()")
    os.execve(command[0], command, {**os.environ, **variables})


def _say(line: str, where: TextIO | None = None) -> None:
    print(line, file=where, flush=True)


if __name__ == "__main__":
    sys.exit(main())
