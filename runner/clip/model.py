"""The model: crops and texts in, points of one space out. Any CLIP or SigLIP that `from_pretrained` loads."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional
from transformers import AutoModel, AutoTokenizer
from transformers.image_processing_base import ImageProcessingMixin

from .calibration import Calibration

log = logging.getLogger(__name__)
Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


class Model:
    """Loaded once. `side`: crops are side×side pixels; `scale` is what cosines are multiplied with. Threads may share
    it."""

    def __init__(self, name: str, device: str = "auto", *, offline: bool = False) -> None:
        """`name` is a folder, or a repository of Hugging Face, which may end in @ and the revision to take;
        `offline`: it is fetched from nowhere.

        Raises ValueError where `name` is no such model or there is no such device, OSError where it cannot be had.
        """
        repository, _, revision = (name, "", "") if Path(name).exists() else name.partition("@")
        at = {"revision": revision} if revision else {}
        self.name, self.device = repository, _device(device)
        self._dtype = torch.float16 if self.device.startswith("cuda") else torch.float32
        self._model: Any = _load(AutoModel, repository, offline=offline, dtype=self._dtype, **at).to(self.device).eval()
        if not (hasattr(self._model, "get_image_features") and hasattr(self._model, "logit_scale")):
            raise ValueError(f"{name} is a {type(self._model).__name__}: a CLIP or SigLIP is needed")
        self._tokenizer: Any = _load(AutoTokenizer, repository, offline=offline, **at)
        config = self._model.config
        self.side = int(config.vision_config.image_size)
        self.scale = float(self._model.logit_scale.detach().exp())
        self.calibration = Calibration.of(name)
        self._words = int(config.text_config.max_position_embeddings)
        # SigLIP has only ever seen texts that were filled up.
        self._padding: Any = "max_length" if "siglip" in config.model_type else True
        options = ImageProcessingMixin.get_image_processor_dict(repository, local_files_only=offline, **at)[0]
        self._mean = self._spread(options["image_mean"])
        self._std = self._spread(options["image_std"])
        self._warm_up()

    def embed_images(self, crops: Pixels) -> Floats:
        """n×side×side×3 (RGB) to n×d, each of length 1."""
        with torch.inference_mode():
            pixels = torch.from_numpy(crops).to(self.device).permute(0, 3, 1, 2).to(self._dtype)
            return _unit(self._model.get_image_features(pixel_values=(pixels - self._mean) / self._std))

    def embed_texts(self, texts: Sequence[str]) -> Floats:
        """One row per text, each of length 1. A text that is too long is cut."""
        tokens = self._tokenizer(
            list(texts), padding=self._padding, truncation=True, max_length=self._words, return_tensors="pt"
        )
        with torch.inference_mode():
            return _unit(self._model.get_text_features(**{name: part.to(self.device) for name, part in tokens.items()}))

    def _spread(self, values: Sequence[float]) -> torch.Tensor:
        """Per channel, in 0..255: pixels are never divided."""
        return (torch.tensor(values) * 255).view(1, 3, 1, 1).to(self.device, self._dtype)

    def _warm_up(self) -> None:
        """The first call is slow: it is ours, not a stream's."""
        size = self.embed_images(np.zeros((1, self.side, self.side, 3), np.uint8)).shape[1]
        self.embed_texts(["a logo"])
        log.info("%s on %s: crops of %d pixels, %d numbers each", self.name, self.device, self.side, size)


def _device(wanted: str) -> str:
    """A GPU that was asked for is there, or nothing starts: a processor is slow, and the GPU billed all the same."""
    found = torch.cuda.is_available()
    if wanted == "auto":
        return "cuda" if found else "cpu"
    if wanted.startswith("cuda") and not found:
        built = f"torch {torch.__version__} is built for CUDA {torch.version.cuda}"
        raise ValueError(
            f"CLIP_DEVICE={wanted}: torch finds no GPU that it can use; {built}, which the driver must run"
        )
    return wanted


def _load(kind: Any, name: str, *, offline: bool, **options: Any) -> Any:
    """What lies here is taken as it is, without asking whether there is a newer one: a start depends on nobody."""
    try:
        return kind.from_pretrained(name, local_files_only=True, **options)
    except OSError:
        if offline:
            raise
        return kind.from_pretrained(name, **options)


def _unit(features: Any) -> Floats:
    """Older models give the features, newer ones an object that has them."""
    rows = getattr(features, "pooler_output", features).float()
    return functional.normalize(rows, dim=1).cpu().numpy()
