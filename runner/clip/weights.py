"""The default model: its files are in the image, by the commit that they were of.

`python weights.py fetch` gets them while the image is built; `python -m clip.weights load`, its last step, loads the
model as an instance will, without a network: an image that does not hold all of it is never finished.
"""

from __future__ import annotations

import sys

NAME = "openai/clip-vit-base-patch32"
REVISION = "3d74acf9a28c67741b2f4f2ea7635f0aaf6f0268"  # of its main branch, which has the weights as .bin only
FILES = ["*.json", "*.txt", "pytorch_model.bin"]
DEFAULT = f"{NAME}@{REVISION}"


def fetch() -> None:
    """Raises what huggingface_hub raises where it cannot be had."""
    from huggingface_hub import snapshot_download

    snapshot_download(NAME, revision=REVISION, allow_patterns=FILES)


def load() -> None:
    """Raises OSError where a file of it is missing."""
    from .model import Model

    Model(DEFAULT, "cpu", offline=True)


if __name__ == "__main__":
    {"fetch": fetch, "load": load}[sys.argv[1]]()
