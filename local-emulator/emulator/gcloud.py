"""`gcloud storage` and `gsutil` against the local stack: the variables that lead them there, as the project's owner.

gsutil itself speaks HTTPS alone, which the emulator does not; it can hand its command over to `gcloud storage`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from .accounts import OWNER, owner_headers
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
        "CLOUDSDK_CORE_ACCOUNT": OWNER,  # gsutil hands over no command of a stranger
        "CLOUDSDK_CORE_PROJECT": project,
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "true",
        "BOTO_CONFIG": os.devnull,
        **around_here(),
    }


def command(tool: str, arguments: Sequence[str]) -> list[str]:
    """`gcloud` or `gsutil` with these arguments. Raises StackError for what only Google answers."""
    if tool == "gsutil":
        return ["gsutil", "-o", "GSUtil:use_gcloud_storage=True", *arguments]
    if not arguments or arguments[0] != "storage":
        raise StackError(
            f"invalid command {' '.join(arguments[:2])!r}: expected `storage …`, the one service of gcloud that the"
            " local stack answers"
        )
    return ["gcloud", *arguments]


def replace_process(called: list[str], variables: dict[str, str]) -> None:
    """Becomes that command. Raises ToolMissing."""
    if not shutil.which(called[0]):
        raise ToolMissing(f"{called[0]} is not installed: https://cloud.google.com/sdk/docs/install")
    os.execvpe(called[0], called, {**os.environ, **variables})
