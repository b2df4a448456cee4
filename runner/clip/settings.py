"""Settings of the CLIP service."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.domain.settings import setting

from . import weights

IMAGES = 16
"""Images of one request, at most."""


@dataclass(frozen=True, slots=True)
class Clip:
    """The model, and how much it does at a time."""

    model: str = setting(
        "CLIP_MODEL",
        "CLIP or SigLIP model of Hugging Face: `name`, `name@revision`, or path; the image holds the default, "
        "any other is fetched at each start",
        weights.DEFAULT,
    )
    owl_model: str = setting(
        "OWL_MODEL",
        "OWLv2 model of Hugging Face, such as `google/owlv2-base-patch16-ensemble`, which finds what words or a "
        "reference mark describe: `name`, `name@revision`, or path; it is fetched at each start. Without one provider "
        "`owl` finds nothing here",
        "",
    )
    device: str = setting(
        "CLIP_DEVICE",
        "`cuda`, `cpu`, or `auto`: the GPU if there is one; with `cuda` the service does not start without. A "
        "deployment sets `clipDevice`",
        "auto",
    )
    offline: bool = setting(
        "HF_HUB_OFFLINE",
        "a model that is not here is an error: nothing is fetched from Hugging Face. The image sets 1, a "
        "deployment with `clipModel` or `owlModel` 0",
        False,
    )
    batch: int = setting("CLIP_BATCH", "most crops that the model is shown at a time", 256)
    owl_batch: int = setting("OWL_BATCH", "most pictures that OWLv2 is shown at a time", 8)
    delay: float = setting("CLIP_BATCH_DELAY", "seconds that a batch that is not full waits for more", 0.005)
    queue: int = setting("CLIP_QUEUE", "images in the CLIP service, waiting or looked at; more get 429", 32)
    regions: int = setting("CLIP_REGIONS", "crops of an image that its shapes propose, beside the tiles", 64)
    key_hash: str = setting(
        "CLIP_KEY_HASH",
        "SHA-256 of the key that callers of the CLIP service must send, hexadecimal; without it IAM decides "
        "who may call. `make clip` sets it",
        "",
    )
    threshold: float = setting(
        "CLIP_THRESHOLD",
        "confidence, 0 to 1, from which on the CLIP service returns a detection, if the request names none",
        0.5,
    )

    def __post_init__(self) -> None:
        if self.queue < IMAGES:
            raise ValueError(f"invalid CLIP_QUEUE={self.queue}: expected {IMAGES} or more, the images of one request")
        for name, size in (("CLIP_BATCH", self.batch), ("OWL_BATCH", self.owl_batch)):
            if size < 1:
                raise ValueError(f"invalid {name}={size}: expected 1 or more")
        if self.key_hash and not re.fullmatch("[0-9a-f]{64}", self.key_hash):
            raise ValueError("invalid CLIP_KEY_HASH: expected 64 hexadecimal digits, as of `sha256sum`")
