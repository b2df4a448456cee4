"""`gcloud storage` against the local stack: the variables that lead it there, as the project's owner."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from .accounts import owner_headers
from .errors import StackError, ToolMissing
from .processes.proxies import around_here


def environment(storage: str, project: str, folder: Path) -> dict[str, str]:
    """Variables of one call of gcloud: `storage` is the emulator's host:port, `folder` takes gcloud's own files.

    The token is the owner's, good for an hour. gcloud keeps its configuration apart from that of the user, who has
    Google's addresses and credentials there. Raises CallFailed.
    """
    return {
        "CLOUDSDK_CONFIG": str(folder),
        "CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE": f"http://{storage}/storage/v1/",
        "CLOUDSDK_AUTH_ACCESS_TOKEN": owner_headers(storage)["Authorization"].removeprefix("Bearer "),
        "CLOUDSDK_CORE_PROJECT": project,
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
        **around_here(),
    }


def replace_process(arguments: Sequence[str], variables: dict[str, str]) -> None:
    """Becomes `gcloud` with these arguments. Raises StackError for what only Google answers, ToolMissing."""
    if not arguments or arguments[0] != "storage":
        raise StackError(
            f"invalid command {' '.join(arguments[:2])!r}: expected `storage …`, the one service of gcloud that the"
            " local stack answers"
        )
    if not shutil.which("gcloud"):
        raise ToolMissing("gcloud is not installed: https://cloud.google.com/sdk/docs/install")
    os.execvpe("gcloud", ["gcloud", *arguments], {**os.environ, **variables})
