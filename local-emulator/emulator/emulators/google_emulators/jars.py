"""Google's emulators as files: found in the Cloud CLI, or downloaded once from where firebase-tools takes them.

Addresses, sizes and checksums: `downloadableEmulatorInfo.json` of npm's firebase-tools 15.34.2.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ...errors import ToolMissing
from ...paths import CACHE
from .download import Source, download

Progress = Callable[[str], None]
_BUCKET = "https://storage.googleapis.com/firebase-preview-drop/emulator"


@dataclass(frozen=True, slots=True)
class Emulator:
    """One of Google's emulators: its jar below the CLI's root, the CLI's component, and where to download it.

    `member` is the jar's pattern within a downloaded zip; None where the download is the jar.
    """

    name: str
    in_sdk: str
    component: str
    source: Source
    member: str | None = None


PUBSUB = Emulator(
    "Pub/Sub emulator",
    "platform/pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar",
    "pubsub-emulator",
    Source(
        f"{_BUCKET}/pubsub-emulator-0.8.37.zip",
        53029797,
        "c83383e0c71633e58abad6fdc9c0312c7d0f6a5a34236c42e3f92eb24ded1c26",
    ),
    "pubsub-emulator/lib/cloud-pubsub-emulator-*-all.jar",
)
FIRESTORE = Emulator(
    "Firestore emulator",
    "platform/cloud-firestore-emulator/cloud-firestore-emulator.jar",
    "cloud-firestore-emulator",
    Source(
        f"{_BUCKET}/cloud-firestore-emulator-v1.22.0.jar",
        136707194,
        "9b6498b7f62714d67f48f59b3818883cd682dbcd46b9f59511de81c97bb5166c",
    ),
)


def find_jar(emulator: Emulator, progress: Progress, cache: Path = CACHE) -> Path:
    """The emulator's jar; downloaded where there is no Cloud CLI that holds it. Raises ToolMissing."""
    for root in sdk_roots():
        if found := sorted(root.glob(emulator.in_sdk)):
            return found[-1]
    try:
        return _downloaded(emulator, progress, cache)
    except OSError as error:  # DownloadFailed names itself: what arrived was not what was published
        raise ToolMissing(
            f"Google's {emulator.name} is not on this machine, and {emulator.source.url} did not answer ({error}). "
            f"Install it with 'gcloud components install {emulator.component}' or "
            f"'apt-get install google-cloud-cli-{emulator.component.removeprefix('cloud-')}'"
        ) from error


def sdk_roots() -> Iterator[Path]:
    """The folders in which a Cloud CLI may be installed. `gcloud info` would tell, too slowly."""
    if root := os.environ.get("CLOUDSDK_ROOT_DIR"):
        yield Path(root)
    if gcloud := shutil.which("gcloud"):
        yield Path(gcloud).resolve().parent.parent
    home = Path.home()
    yield from (Path("/usr/lib/google-cloud-sdk"), Path("/usr/share/google-cloud-sdk"), home / "google-cloud-sdk")
    yield from (Path("/snap/google-cloud-cli/current"), Path("/opt/homebrew/share/google-cloud-sdk"))


def _downloaded(emulator: Emulator, progress: Progress, cache: Path) -> Path:
    archive = download(emulator.source, cache, lambda text: progress(f"{emulator.name}: {text}"))
    if emulator.member is None:
        return archive
    unpacked = cache / archive.stem
    if not unpacked.exists():
        part = cache / f"{archive.stem}.{os.getpid()}.part"
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(part)
        part.rename(unpacked)
    return sorted(unpacked.glob(emulator.member))[-1]
