"""Loading of models: from a folder, or from Hugging Face by name and revision."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch


def revised(name: str) -> tuple[str, Mapping[str, str]]:
    """The folder or repository of `name`, and its revision, as `from_pretrained` takes it."""
    repository, _, revision = (name, "", "") if Path(name).exists() else name.partition("@")
    return repository, {"revision": revision} if revision else {}


def load(kind: Any, name: str, *, offline: bool, **options: Any) -> Any:
    """Loads the local files without asking for newer ones, so that a start does not depend on Hugging Face."""
    try:
        return kind.from_pretrained(name, local_files_only=True, **options)
    except OSError:
        if offline:
            raise
        return kind.from_pretrained(name, **options)


def device(wanted: str) -> str:
    """Raises ValueError for a missing GPU: without it the service would be slow, and the GPU billed all the same."""
    found = torch.cuda.is_available()
    if wanted == "auto":
        return "cuda" if found else "cpu"
    if wanted.startswith("cuda") and not found:
        built = f"torch {torch.__version__} is built for CUDA {torch.version.cuda}"
        raise ValueError(
            f"CLIP_DEVICE={wanted}: torch finds no GPU that it can use; {built}, which the driver must run"
        )
    return wanted


def digest(config: Any, folder: Path) -> str:
    """The commit that the model came from; of weights that no repository numbers, 16 hexadecimal digits."""
    commit = getattr(config, "_commit_hash", None)
    if commit:
        return str(commit)
    hashed = hashlib.sha256()
    for file in sorted(file for pattern in ("*.safetensors", "*.bin") for file in folder.glob(pattern)):
        with file.open("rb") as data:
            hashed.update(hashlib.file_digest(data, "sha256").digest())
    return hashed.hexdigest()[:16]


def channels(values: Sequence[float], where: str, dtype: torch.dtype) -> torch.Tensor:
    """One value per channel, in 0..255, so that pixels need no division."""
    return (torch.tensor(values) * 255).view(1, 3, 1, 1).to(where, dtype)
