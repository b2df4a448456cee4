"""Sign-in: Firebase Auth, by the emulator of firebase-tools, with an account for each person of a demonstration."""

from __future__ import annotations

import json
import shutil

from ...accounts import PASSWORD, PEOPLE
from ...paths import CACHE, ROOT
from ...processes.process import EMULATOR, ProcessSpec
from ...processes.ready import http_answers
from ..environment import minimal
from .context import Context

_INSTALLED = CACHE / "auth"  # by setup.sh


def sign_in(context: Context) -> list[ProcessSpec]:
    """The process, where sign-in is declared and firebase-tools installed. It may start after the others."""
    node, modules = shutil.which("node"), _INSTALLED / "node_modules"
    declared = any(context.graph.of("gcp:identityplatform/config:Config"))
    if not declared or node is None or not (modules / "firebase-tools").is_dir():
        return []
    port = int(context.addresses.auth.rpartition(":")[2])
    people = json.dumps([{"email": email, "password": PASSWORD} for email in PEOPLE.values()])
    server = str(ROOT / "local-emulator" / "auth" / "server.cjs")
    return [
        ProcessSpec(
            name="auth",
            kind=EMULATOR,
            command=(node, server, str(port), context.project, people),
            env={**minimal(), "NODE_PATH": str(modules)},
            cwd=_INSTALLED,
            port=port,
            ready=http_answers(port, "/", below=300),
            gives_way=True,
        )
    ]
