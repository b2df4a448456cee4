"""The memory of this process, while it decodes pictures of which a dozen would fill an instance."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.domain.errors import UnsupportedMedia
from pipeline.media.limits import IN_FILE

MOST = 1600 << 20
"""Bytes: of the importer's 2 GiB all but two pictures of 8K in 4:4:4, which one call of a decoder may add."""


def check() -> None:
    """Raises UnsupportedMedia if the process has taken more than MOST.

    Films of 8K take a little less. A decoder keeps as many pictures as the film says that others refer to: up to 16,
    which no level of a codec allows at that size.
    """
    if resident() > MOST:
        raise UnsupportedMedia(
            f"its pictures refer to so many others that more than {MOST >> 20} MiB are needed: {IN_FILE.advice}"
        )


def resident() -> int:
    """Bytes in memory; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
