"""The settings of the importer."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.domain.settings import setting


@dataclass(frozen=True, slots=True)
class Importer:
    """Settings of the importer."""

    wait: float = setting(
        "IMPORT_WAIT_SECONDS", "seconds that an import waits while another publisher holds its stream", 600.0
    )
    resume: float = setting(
        "IMPORT_RESUME_SECONDS", "seconds within which an import that broke off is continued", 600.0
    )
