"""The default model, whose files are in the image, pinned by their commit.

`python weights.py fetch` downloads them while the image is built. `python -m clip.weights load`, the last step, loads
the model as an instance will, without a network, so that an incomplete image is never finished.
"""

from __future__ import annotations

import sys

NAME = "openai/clip-vit-base-patch32"
REVISION = "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268"  # of its main branch, which has the weights as .bin only
FILES = ["*.json", "*.txt", "pytorch_model.bin"]
DEFAULT = f"{NAME}@{REVISION}"


def fetch() -> None:
    """Downloads the files. Raises the error of huggingface_hub."""
    from huggingface_hub import snapshot_download

    snapshot_download(NAME, revision=REVISION, allow_patterns=FILES)


def load() -> None:
    """Loads the model. Raises OSError if a file is missing."""
    from .model import Model

    Model(DEFAULT, "cpu", offline=True)


if __name__ == "__main__":
    {"fetch": fetch, "load": load}[sys.argv[1]]()
